type Snake<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${Snake<Rest>}`
  : Text;

/** An object with its names as the output writes them. */
export type SnakeCased<T extends object> = { readonly [Name in keyof T as Snake<Name & string>]: T[Name] };

/** `avgWaitTimeMs` becomes `avg_wait_time_ms`, as the output names things. */
export function snakeCase<T extends object>(object: T): SnakeCased<T> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]: [string, unknown]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  ) as SnakeCased<T>;
}

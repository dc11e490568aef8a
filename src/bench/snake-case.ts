/** `avgWaitTimeMs` becomes `avg_wait_time_ms`, as the output names things. */
export function snakeCase(object: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]: [string, unknown]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}

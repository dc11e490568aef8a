type Paint = (text: string) => string;

/** Colours of the stream that a report goes to. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly green: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
}

const plain: Paint = (text) => text;

/** No colour at all. */
export const PLAIN: Style = { bold: plain, dim: plain, green: plain, red: plain, yellow: plain };

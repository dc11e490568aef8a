/** Statements that run in a row; then all others get their turn, as the engine blocks the thread. */
const IN_A_ROW = 100;

/** Lets everybody else's input and output go on. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** As {@link nextTurn}, once in a while: `undefined` where it is not yet time. */
export function turnAfter(done: number): Promise<void> | undefined {
  return done > 0 && done % IN_A_ROW === 0 ? nextTurn() : undefined;
}

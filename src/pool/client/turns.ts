import type { Deadline } from "./deadline.js";

/** Runs one task after the other, each for somebody who may give up before or while it runs. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #pending = 0;

  /** Tasks that have not come to their end. */
  get pending(): number {
    return this.#pending;
  }

  /** Whose time is up before the turn has come is told that nothing was executed; the task has to see to that. */
  async take<T>(task: () => Promise<T>, deadline: Deadline): Promise<T> {
    const turn = { hasCome: false };
    const done = this.#last.then(() => {
      turn.hasCome = true;
      return task();
    });
    this.#pending++;
    this.#last = done.then(
      () => this.#pending--,
      () => this.#pending--,
    );
    try {
      return await deadline.race(done);
    } catch (error) {
      const { reason } = deadline;
      throw reason === undefined || error !== reason || turn.hasCome ? error : reason.notExecuted();
    }
  }
}

/** What the layer above is told. */
export interface PoolObserver<C> {
  /** A connection's health was in doubt at checkout. */
  doubted(): void;
  /** It answered, or it was closed to be replaced. */
  resolved(connection: C, answered: boolean): void;
  closed(): void;
}

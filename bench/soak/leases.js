// Who has which connection, by the pool's own events: never two at once.

export class Leases {
  #held = new Set();
  #name;
  #violations;
  peak = 0;
  total = 0;

  constructor(client, name, violations) {
    this.#name = name;
    this.#violations = violations;
    client.on("acquired", ({ connection }) => this.#acquired(connection));
    client.on("released", ({ connection }) => this.#released(connection));
  }

  get held() {
    return this.#held.size;
  }

  #acquired(connection) {
    if (this.#held.has(connection)) {
      this.#violations.add("double lease", `${this.#name}: a connection was acquired while it was leased`);
    }
    this.#held.add(connection);
    this.total++;
    this.peak = Math.max(this.peak, this.#held.size);
  }

  #released(connection) {
    if (!this.#held.delete(connection)) {
      this.#violations.add("double lease", `${this.#name}: a connection was released that nobody had`);
    }
  }
}

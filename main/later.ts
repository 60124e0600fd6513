/**
 * A part of the app whose code is read when somebody first wants it, not at the start: what the first screen does not
 * need must not hold up the window.
 */
export class Later<T> {
  readonly #make: () => Promise<T>;
  #making: Promise<T> | null = null;
  #made: T | null = null;

  /** @param make begins with a dynamic import, which is what cuts the code off. */
  constructor(make: () => Promise<T>) {
    this.#make = make;
  }

  /** The part, made once. A failure is forgotten: the next one who asks tries again. */
  get(): Promise<T> {
    return this.#making ??= this.#make().then((made) => (this.#made = made), (error: unknown) => {
      this.#making = null;
      throw error;
    });
  }

  /** The part if it was made already. */
  get made(): T | null {
    return this.#made;
  }
}

/**
 * Where secrets live between two starts. Names are chosen by the callers and hold no secret themselves
 * (`session.<profile>`, `database.<account>`).
 */
export type SecretStore = {
  /** @returns null when there is no such entry. @throws AppFailure keychain.* when the store cannot be read. */
  get(name: string): Promise<string | null>;
  /** Writes or replaces. @throws AppFailure keychain.* when it is not certain that the value is stored. */
  set(name: string, value: string): Promise<void>;
  /** Removing what is not there is no error. */
  delete(name: string): Promise<void>;
};

/** Stand-ins for tests. */
import type { Port } from "./caller";
import type { Reply, Request } from "./protocol";

/** A worker that says what it is told to. */
export class FakePort implements Port {
  readonly sent: Request[] = [];
  ended = false;
  readonly #events = new EventTarget();

  postMessage(message: unknown): void {
    this.sent.push(message as Request);
  }
  terminate(): void {
    this.ended = true;
  }
  addEventListener(type: string, act: unknown): void {
    this.#events.addEventListener(type, act as EventListener);
  }
  reply(reply: Reply): void {
    this.#events.dispatchEvent(Object.assign(new Event("message"), { data: reply }));
  }
  break(message: string): void {
    this.#events.dispatchEvent(Object.assign(new Event("error"), { message }));
  }
}

/** Whether a promise has come to its end. */
export function settled(promise: Promise<unknown>): { now: boolean } {
  const state = { now: false };
  const end = () => {
    state.now = true;
  };
  promise.then(end, end);
  return state;
}

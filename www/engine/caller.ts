/** One worker and the requests that are open with it. */
import type { Hold } from "./hold";
import type { Calls, Kind, Reply } from "./protocol";

/** Thrown by a request that was cancelled. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}

/** Thrown by the requests of a worker that died. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/** How to follow a request. */
export interface Following {
  /** Share that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
  /** Lets the work rest. */
  readonly hold?: Hold;
  /** A part of the answer, in order, where the request has parts. */
  readonly onPart?: (part: never) => void;
}

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (reason: Error) => void;
  readonly onProgress?: ((share: number) => void) | undefined;
  readonly onPart?: ((part: never) => void) | undefined;
}

/** What is needed of a Worker, so that tests can stand in for one. */
export type Port = Pick<Worker, "postMessage" | "terminate" | "addEventListener">;

export class Caller {
  readonly #port: Port;
  readonly #pending = new Map<number, Pending>();
  #last = 0;
  #broken: Error | undefined;

  constructor(port: Port) {
    this.#port = port;
    port.addEventListener("message", (event) => this.#hear((event as MessageEvent<Reply>).data));
    port.addEventListener("error", (event) => {
      const { message } = event as ErrorEvent;
      this.#end(new Stopped(`the worker stopped: ${message || "it could not be loaded"}`));
    });
  }

  /** Whether the worker has died or was ended. */
  get broken(): boolean {
    return this.#broken !== undefined;
  }

  /** Requests that have no answer yet. */
  get open(): number {
    return this.#pending.size;
  }

  call<K extends Kind>(
    kind: K,
    takes: Calls[K]["takes"],
    following: Following = {},
  ): Promise<Calls[K]["gives"]> {
    const { signal, hold, onProgress, onPart } = following;
    if (this.#broken) return Promise.reject(this.#broken);
    if (signal?.aborted) return Promise.reject(new Cancelled());
    const id = ++this.#last;
    const cancel = () => this.#port.postMessage({ id, kind: "cancel" });
    const rest = (held: boolean) => this.#port.postMessage({ id, kind: held ? "hold" : "resume" });
    const answer = new Promise<Calls[K]["gives"]>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onProgress, onPart });
    });
    signal?.addEventListener("abort", cancel, { once: true });
    this.#port.postMessage({ id, kind, ...takes });
    if (hold?.held) rest(true);
    const unhear = hold?.listen(rest);
    return answer.finally(() => {
      signal?.removeEventListener("abort", cancel);
      unhear?.();
    });
  }

  /** Ends the worker; what is open is cancelled. */
  dispose(): void {
    this.#end(new Cancelled());
  }

  /** Gives up a worker that says nothing any more. */
  giveUp(): void {
    this.#end(new Stopped("the worker stopped: it fell silent"));
  }

  #hear(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return;
    if (reply.kind === "progress") {
      pending.onProgress?.(reply.share);
      return;
    }
    if (reply.kind === "part") {
      pending.onPart?.(reply.part as never);
      return;
    }
    this.#pending.delete(reply.id);
    if (reply.kind === "done") pending.resolve(reply.value as never);
    else pending.reject(reply.kind === "cancelled" ? new Cancelled() : new Error(reply.message));
  }

  #end(reason: Error): void {
    this.#port.terminate();
    this.#broken = reason;
    for (const pending of this.#pending.values()) pending.reject(reason);
    this.#pending.clear();
  }
}

// Code that a test runs in a worker of a page. WebDriver BiDi names Firefox's workers and reaches none; the developer tools reach them.

/** Runs in each process of Firefox: asks the console of a worker by the protocol of the developer tools, and sends the answer. */
const ASK = `
const manager = Cc["@mozilla.org/dom/workers/workerdebuggermanager;1"].getService(Ci.nsIWorkerDebuggerManager);
addMessageListener("test:ask", ({ data: { id, number, text } }) => {
  const worker = [...manager.getWorkerDebuggerEnumerator()].find((one) => one.id === id);
  if (!worker) return;
  const forwardingPrefix = "test-" + number;
  const say = (packet) => worker.postMessage(JSON.stringify(packet));
  const answer = (given) => {
    worker.removeListener(listener);
    sendAsyncMessage("test:answer", { number, ...given });
  };
  const listener = {
    onMessage(heard) {
      const packet = JSON.parse(heard);
      if (packet.type === "connected" && packet.forwardingPrefix === forwardingPrefix) {
        const message = { to: packet.workerTargetForm.consoleActor, type: "evaluateJSAsync", text };
        say({ type: "message", id: forwardingPrefix, message });
      }
      if (packet.type !== "message" || packet.id !== forwardingPrefix) return;
      const { type, result, hasException, exceptionMessage, error, message } = packet.message;
      if (type !== "evaluationResult" && !error) return;
      say({ type: "disconnect", forwardingPrefix });
      answer(hasException || error ? { problem: String(exceptionMessage ?? message) } : { value: result });
    },
    onError: (file, line, problem) => answer({ problem }),
    onClose: () => answer({ value: "null" }),
  };
  worker.addListener(listener);
  if (!worker.isInitialized) worker.initialize("resource://devtools/server/startup/shared-worker-initializer.js");
  const { name, type, url } = worker;
  const options = { sessionContext: { type: "all" } };
  say({ type: "connect", forwardingPrefix, workerDebuggerData: { id, name, type, url }, options });
});
`;

/** What `ASK` is loaded by, and asked by; both run in Firefox's own scope. A worker that is gone answers nothing. */
const LOAD =
  '(source) => Services.ppmm.loadProcessScript("data:application/javascript," + encodeURIComponent(source), true)';
const SEND = `(id, number, text) => new Promise((resolve) => {
  Services.ppmm.addMessageListener("test:answer", function hear({ data }) {
    if (data.number !== number) return;
    Services.ppmm.removeMessageListener("test:answer", hear);
    resolve(JSON.stringify(data));
  });
  setTimeout(() => resolve(JSON.stringify({ problem: "the worker does not answer" })), 30_000);
  Services.ppmm.broadcastAsyncMessage("test:ask", { id, number, text });
})`;

/**
 * For a browser: gives a page's workers the method `evaluate`; `within` calls a function in Firefox's own scope, and `inside` gives
 * playwright's own side of an object.
 */
export async function reaching(within, inside) {
  await within(LOAD, ASK);
  let asked = 0;
  return (page) => {
    const workers = page.workers.bind(page);
    page.workers = () =>
      workers().map((worker) => {
        const [id] = [...inside(page)._workers].find(([, one]) => one === inside(worker)) ?? [];
        worker.evaluate = async (work) => {
          const text = `JSON.stringify((${work})()) ?? "null"`;
          const { value, problem } = JSON.parse(await within(SEND, id, ++asked, text));
          if (problem !== undefined) throw new Error(problem);
          return JSON.parse(value);
        };
        return worker;
      });
  };
}

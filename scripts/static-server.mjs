// Serves a folder as a plain static host would, on this machine alone, optionally below a base path.
//
//     node scripts/static-server.mjs [--port 8000] [--base /some/path/] [folder]
//
//     import { serve } from "./static-server.mjs";
//     const { url, close } = await serve({ dir: "dist", base: "/some/path/", port: 0 });

import { existsSync, realpathSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import sirv from "sirv";

const HOST = "127.0.0.1";

/**
 * @param {{ dir?: string, base?: string, port?: number, heard?: (path: string) => void }} options `dir`: the folder; `base`:
 *   the path that it appears under; `port`: 0 takes any free one; `heard` is told every path in the folder that is asked for
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} the address of the folder, with a slash at its end
 */
export async function serve({ dir = "dist", base = "/", port = 0, heard } = {}) {
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`the port must be a whole number from 0 to 65535, got ${port}`);
  }
  if (!existsSync(join(dir, "index.html"))) {
    throw new Error(`there is no ${join(dir, "index.html")}: run scripts/build first`);
  }
  const prefix = `/${base}/`.replace(/\/+/g, "/");
  // dev: look at the disk on every request, so that a new build is served at once; etag: with `no-cache`, not `no-store`.
  const files = sirv(dir, { dev: true, etag: true });

  const server = createServer((request, response) => {
    const [, pathname, search] = /^([^?]*)(.*)$/.exec(request.url ?? "/");
    const answer = (status, headers = {}) => {
      response.writeHead(status, { "Content-Type": "text/plain", ...headers });
      response.end(`${status}\n`);
    };
    if (request.method !== "GET" && request.method !== "HEAD") {
      return answer(405, { Allow: "GET, HEAD" });
    }
    if (`${pathname}/` === prefix) {
      return answer(301, { Location: `${prefix}${search}` });
    }
    if (!pathname.startsWith(prefix)) {
      return answer(404);
    }
    const path = pathname.slice(prefix.length - 1);
    // Relative links in a folder's index need the slash; every static host redirects here.
    if (!path.endsWith("/") && isFolder(join(dir, path))) {
      return answer(301, { Location: `${pathname}/${search}` });
    }
    heard?.(path);
    request.url = path + search;
    files(request, response, () => answer(404));
  });

  await new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(error.code === "EADDRINUSE" ? new Error(`port ${port} is taken: choose another one`) : error),
    );
    server.listen(port, HOST, resolve);
  });
  return {
    url: `http://${HOST}:${server.address().port}${prefix}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isFolder(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { port: { type: "string", default: "8000" }, base: { type: "string", default: "/" } },
    });
    const { url } = await serve({ dir: positionals[0], base: values.base, port: Number(values.port) });
    console.log(`Noisy Descent is at ${url} (Ctrl-C stops)`);
    for (const signal of ["SIGINT", "SIGTERM"]) {
      process.on(signal, () => process.exit(0));
    }
  } catch (error) {
    console.error(`static-server: ${error.message}`);
    process.exitCode = 1;
  }
}

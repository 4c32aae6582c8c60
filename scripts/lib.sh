# shellcheck shell=bash
# Shared by the scripts beside this file: sourced, never run. Works in bash 3.2, which macOS still ships.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

# shellcheck disable=SC2034 # used by the scripts
wasm_target=wasm32-unknown-unknown

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command with the toolchain, PATH and compiler flags of the wasm build. The flags are given here and not in
# .cargo/config.toml because RUSTFLAGS in a developer's environment would silently replace the ones there. More: wasm_flags.
with_wasm() {
  (
    # shellcheck source=/dev/null
    . "$root/.wasm-env"
    RUSTFLAGS="-C target-feature=+simd128${wasm_flags:+ $wasm_flags}" "$@"
  )
}

# The first argument that names a command, as a path.
first_command() {
  local name
  for name in "$@"; do
    if have "$name"; then
      command -v "$name"
      return
    fi
  done
  return 1
}

# Sets and exports CHROME_PATH and CHROMEDRIVER, unless the caller's environment already chose them.
find_browser() {
  CHROME_PATH=${CHROME_PATH:-$(first_command chromium chromium-browser google-chrome google-chrome-stable \
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome' \
    '/Applications/Chromium.app/Contents/MacOS/Chromium' || true)}
  CHROMEDRIVER=${CHROMEDRIVER:-$(first_command chromedriver || true)}
  export CHROME_PATH CHROMEDRIVER
  [ -x "$CHROME_PATH" ] && [ -x "$CHROMEDRIVER" ]
}

# Sets and exports FIREFOX_PATH, unless the caller's environment already chose it.
find_firefox() {
  FIREFOX_PATH=${FIREFOX_PATH:-$(first_command firefox-esr firefox '/Applications/Firefox.app/Contents/MacOS/firefox' || true)}
  export FIREFOX_PATH
  [ -x "$FIREFOX_PATH" ]
}

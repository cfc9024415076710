# Sourced by ./run and ./test: everything between a fresh clone and a build.
# Needs bash, git, the .NET SDK and Node; finds out the rest by itself.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=1
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1

fail() {
  printf 'spoo: %s\n' "$1" >&2
  exit 1
}

need() {
  command -v "$1" >/dev/null 2>&1 || fail "$1 is missing. $2"
}

# Prints the output of a command only when it fails, so that a good build is quiet.
quietly() {
  local log
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

# Services and timers have none, and tools keep what they fetch in it.
find_home() {
  [ -n "${HOME:-}" ] || HOME=$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f6 || true)
  [ -d "$HOME" ] && [ -w "$HOME" ] || HOME="$root/artifacts/home"
  mkdir -p "$HOME"
  export HOME
}

restore() {
  quietly dotnet restore "$1" || fail "the packages could not be restored."
}

copy_page_scripts() {
  local lib="$root/src/Spoo.Web/wwwroot/lib" modules="$root/node_modules" version stamp
  version=$(sed -n 's/.*Include="MudBlazor" Version="\([^"]*\)".*/\1/p' "$root/Directory.Packages.props")
  stamp=$(cat "$root/package-lock.json" "$root/eng/page-assets.mjs" "$root/eng/setup.sh" && echo "MudBlazor $version")
  if [ ! -f "$lib/.lock" ] || [ "$stamp" != "$(cat "$lib/.lock")" ]; then
    (cd "$root" && quietly npm ci --no-audit --no-fund) || fail "npm could not install the pages' scripts."
    rm -rf "$lib"
    mkdir -p "$lib/apexcharts" "$lib/jsvectormap" "$lib/dejavu" "$lib/mudblazor" "$lib/flags"
    cp "$modules/apexcharts/dist/apexcharts.esm.js" "$modules/apexcharts/LICENSE" "$lib/apexcharts/"
    cp "$modules/jsvectormap/LICENSE" "$lib/jsvectormap/"
    cp "$modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf" "$modules/dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf" "$modules/dejavu-fonts-ttf/LICENSE" "$lib/dejavu/"
    cp "$modules/circle-flags/LICENSE.md" "$lib/flags/LICENSE"
    # Files of a package of .NET are served as they are; those of our own folder are compressed by the build.
    cp "${NUGET_PACKAGES:-$HOME/.nuget/packages}/mudblazor/$version/staticwebassets/MudBlazor.min.js" "${NUGET_PACKAGES:-$HOME/.nuget/packages}/mudblazor/$version/LICENSE" "$lib/mudblazor/"
    (cd "$root" && quietly node eng/page-assets.mjs "${NUGET_PACKAGES:-$HOME/.nuget/packages}/mudblazor/$version/staticwebassets/MudBlazor.min.css" "$lib") \
      || fail "the pages' styles and flags could not be made."
    printf '%s\n' "$stamp" >"$lib/.lock"
  fi
}

# What a build of the named project or solution needs.
prepare() {
  need dotnet "Install the .NET SDK 10."
  need npm "Install Node.js 20 or newer."
  find_home
  restore "$root/$1"
  copy_page_scripts
}

# A free database of countries, where the data folder has no folder of places yet. In the background, because the server starts without
# it and takes it up within a minute; where it cannot be had, the dashboard says what to do. An empty folder keeps this from happening.
fetch_places() {
  local folder=data
  while [ $# -gt 0 ]; do
    case $1 in
      --data) folder=${2:-$folder} ;;
      --data=*) folder=${1#--data=} ;;
    esac
    shift
  done
  [ -d "$folder/places" ] || (timeout 120 "$root/eng/places" country "$folder/places" </dev/null >/dev/null 2>&1 &)
}

# What a build is made from; compared with the stamp of the last one.
newer_sources() {
  [ ! -f "$1" ] || [ -n "$(find "$root/src" "$root/eng" "$root"/Directory.* "$root/global.json" \
    \( -name bin -o -name obj \) -prune -o -type f -newer "$1" -print -quit)" ]
}

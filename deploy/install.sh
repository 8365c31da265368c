#!/usr/bin/env bash
# Installs or upgrades the backend or a depot's agent as a systemd unit:
#   deploy/install.sh backend|agent [--program DIR]
# The program goes to /opt/kal/releases/<version>, /opt/kal/current points at it; configuration stays in /etc/kal, data in /var/lib/kal.
# DESTDIR=/some/root installs below that folder and leaves users and services alone (packaging, tests).
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$KAL_ROOT"

what=${1:-}
case $what in backend|agent) shift ;; *) stop_with "Say what to install: deploy/install.sh backend  or  deploy/install.sh agent" ;; esac
program=$KAL_ROOT/artifacts/kal
while [ $# -gt 0 ]; do
  case $1 in
    --program) program=${2:?--program needs a folder}; shift 2 ;;
    *) stop_with "Unknown option: $1" "Usage: deploy/install.sh backend|agent [--program DIR]" ;;
  esac
done
root=${DESTDIR:-}
[ -n "$root" ] || [ "$(id -u)" = 0 ] || stop_with "Installing needs root." "Run: sudo bash deploy/install.sh $what"
[ -x "$program/kal" ] || stop_with "No program in $program." "Build it first: bash deploy/build.sh"
[ -n "$root" ] || command -v systemctl >/dev/null 2>&1 || stop_with "This machine has no systemd." "Start the program yourself: $program/kal serve --help"

unit=kal-$what.service
version=$(cd "$program" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12)
release=$root/opt/kal/releases/$version

# The program runs without these and says what it cannot do: labels need a font, pictures their libraries.
wanted=(libfreetype6 fonts-noto-cjk)
[ "$what" = agent ] && wanted=(libzbar0 libdmtx0b libturbojpeg0 libwebp7)
[ -n "$root" ] || need_packages "${wanted[@]}" || say "Going on without them."

if [ -z "$root" ] && ! id kal >/dev/null 2>&1; then
  step "Making the system user kal"
  useradd --system --home-dir /var/lib/kal --shell /usr/sbin/nologin kal
fi

if [ -d "$release" ]; then
  say "Release $version is already there."
else
  step "Installing release $version"
  mkdir -p "$root/opt/kal/releases"
  cp -r "$program" "$release.new"
  cp README.md "$release.new/README.md"
  mv "$release.new" "$release"
fi

mkdir -p "$root/etc/kal" "$root/etc/systemd/system"
settings=backend.env
[ "$what" = agent ] && settings=agent.yaml
if [ -e "$root/etc/kal/$settings" ]; then
  say "Kept /etc/kal/$settings."
else
  install -m 0640 "deploy/systemd/$settings" "$root/etc/kal/$settings"
  [ -n "$root" ] || chgrp kal "/etc/kal/$settings"
  say "Wrote /etc/kal/$settings: read it before the first start."
fi
install -m 0644 "deploy/systemd/$unit" "$root/etc/systemd/system/$unit"
if [ "$what" = agent ]; then
  mkdir -p "$root/etc/udev/rules.d"
  install -m 0644 deploy/systemd/70-kal-devices.rules "$root/etc/udev/rules.d/70-kal-devices.rules"
  if [ -z "$root" ] && command -v udevadm >/dev/null 2>&1; then udevadm control --reload && udevadm trigger || say "udev did not take the device rules; they hold after the next start of the machine."; fi
fi

previous=$(readlink "$root/opt/kal/current" 2>/dev/null || true)
ln -sfn "releases/$version" "$root/opt/kal/current.new"
mv -T "$root/opt/kal/current.new" "$root/opt/kal/current"
[ -n "$previous" ] && [ "$previous" != "releases/$version" ] && say "Before: $previous (to go back: ln -sfn $previous /opt/kal/current && systemctl restart $unit)"

# The newest three releases stay, for going back.
(cd "$root/opt/kal/releases" && ls -1t | tail -n +4 | while read -r old; do [ "releases/$old" = "$previous" ] || rm -rf -- "$old"; done)

if [ -n "$root" ]; then say "Installed below $root."; exit 0; fi
systemctl daemon-reload
if [ "$what" = agent ] && ! grep -q '^depot:' /etc/kal/agent.yaml; then
  say "Fill /etc/kal/agent.yaml and enrol the agent (the steps are in the file), then: systemctl enable --now $unit"
  exit 0
fi
systemctl enable "$unit" >/dev/null 2>&1
systemctl restart "$unit"
sleep 2
systemctl is-active --quiet "$unit" || stop_with "$unit did not start." "Read why: journalctl -u $unit -n 50"
say "$unit is running. Its log: journalctl -u $unit -f"

#!/usr/bin/env bash
# One real window: opens, takes Korean from the composer, shows another picture, closes cleanly.
# A picture is the last frame, written as PNG when the window closes; an OpenGL error in any frame
# ends the app with a failure. Usage: window_test.sh PATH/TO/vitrine
set -eu
vitrine=$1
folder=$(mktemp -d)
display_pid=
app_pid=
cleanup() {
    [ -z "$app_pid" ] || kill "$app_pid" 2>/dev/null || true
    [ -z "$display_pid" ] || kill "$display_pid" 2>/dev/null || true
    rm -rf "$folder"
}
trap cleanup EXIT
fail() {
    echo "window test: $1" >&2
    [ ! -s "$folder/log" ] || cat "$folder/log" >&2
    exit 1
}

# The server chooses a free display number and writes it.
Xvfb -displayfd 3 -screen 0 1600x1000x24 -nolisten tcp 3>"$folder/display" 2>/dev/null &
display_pid=$!
for _ in $(seq 100); do [ -s "$folder/display" ] && break; sleep 0.1; done
[ -s "$folder/display" ] || fail "Xvfb did not start"
DISPLAY=:$(cat "$folder/display")
export DISPLAY XDG_CONFIG_HOME="$folder/config" LANG=C.UTF-8 LC_ALL=C.UTF-8

open_window() {  # PICTURE OPTION...
    local picture=$1
    shift
    "$vitrine" app --text "The king" --size 1280x800 --dump-on-close "$picture" "$@" \
        --measure "$picture.json" 2>"$folder/log" &
    app_pid=$!
    window=
    for _ in $(seq 300); do
        window=$(xdotool search --name '^Vitrine$' 2>/dev/null | head -1) && [ -n "$window" ] && break
        kill -0 "$app_pid" 2>/dev/null || fail "the app ended before its window was there"
        sleep 0.1
    done
    [ -n "$window" ] || fail "no window"
    sleep 2
    xdotool windowfocus --sync "$window" 2>/dev/null || fail "the window is gone"
}
close_window() {
    xdotool key ctrl+q
    for _ in $(seq 300); do kill -0 "$app_pid" 2>/dev/null || break; sleep 0.1; done
    wait "$app_pid" || fail "the app ended with status $?"
    app_pid=
}

chord() {  # MODIFIER KEY: slow, as a person; on a busy machine a frame may take longer than a key
    xdotool keydown "$1"
    sleep 0.4
    xdotool keydown "$2"
    sleep 0.4
    xdotool keyup "$2"
    sleep 0.4
    xdotool keyup "$1"
    sleep 0.2
}

open_window "$folder/before.png"
close_window
open_window "$folder/after.png"
chord ctrl l
chord ctrl a
chord shift space
xdotool key --delay 60 g k s r m f space d k s s u d
sleep 2
close_window

[ -s "$folder/before.png" ] && [ -s "$folder/after.png" ] || fail "a picture is missing"
! cmp -s "$folder/before.png" "$folder/after.png" || fail "typing did not change the picture"
grep -q '"text": "한글 안녕"' "$folder/config/vitrine/settings.json" ||
    fail "the text is not what was typed: $(grep text "$folder/config/vitrine/settings.json")"
# The options that choose what is on the stage hold in a window as in a picture.
for shape in map lines; do
    open_window "$folder/$shape.png" --view attention $([ $shape = map ] || echo --lines)
    close_window
done
! cmp -s "$folder/map.png" "$folder/lines.png" || fail "--lines did not change the window"
[ -z "${VITRINE_KEEP:-}" ] || cp "$folder"/*.png "$folder"/*.json "$VITRINE_KEEP"
echo "window test: passed"

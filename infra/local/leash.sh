#!/bin/sh
# `leash.sh COMMAND ARGS…`: runs a command and ends its whole process group once this shell's input closes, which it
# does however the parent dies (SIGKILL included). Start it as the leader of a group of its own.
exec 3<&0
"$@" </dev/null 3<&- &
command=$!
(
  cat <&3 >/dev/null 2>&1
  kill -TERM -$$
  sleep 2
  kill -KILL -$$
) >/dev/null 2>&1 &
# the group's SIGTERM reaches the command as well: stay until it has ended in its own way
trap : TERM
wait "$command"
status=$?
while kill -0 "$command" 2>/dev/null; do
  wait "$command"
  status=$?
done
exit "$status"

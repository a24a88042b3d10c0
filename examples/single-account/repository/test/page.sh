#!/bin/sh
# Runs over what the build made, before any server gets it.
set -e
grep -q '<h1>Tea and coffee</h1>' page/index.html
! grep -q COMMIT page/index.html

#!/bin/sh
# Checks a copy of the sealed trail with openssl, awk and sed alone: chain, signatures, windows, and every line of every segment.
#   aws s3 sync s3://mergecast-trail-<account>-<region> copy
#   aws kms get-public-key --key-id alias/mergecast-trail --query PublicKey --output text | openssl base64 -d -A | openssl pkey -pubin -inform DER -out key.pem
#   sh verify-with-openssl.sh copy key.pem
# Prints each damage with its place; exit code 0 whole, 1 damaged, 2 used wrongly.
copy=$1 key=$2 wrong=0 number=0 until=1970-01-01T00:00:00.000Z
previous=0000000000000000000000000000000000000000000000000000000000000000
if [ ! -d "$copy/heads" ] || [ ! -f "$key" ]; then echo "usage: $0 <copy of the bucket> <public key as PEM>" >&2; exit 2; fi
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
tell() { echo "$1"; wrong=1; }
sum() { openssl dgst -sha256 -r "$1" | cut -c1-64; }
text() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$work/body"; }
count() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$work/body"; }
last=$(ls "$copy/heads" | sed -n 's/^\([0-9]\{10\}\)\.json$/\1/p' | sort | tail -1 | sed 's/^0*//')
while [ "$number" -lt "${last:-0}" ]; do
  number=$((number + 1)); head=heads/$(printf %010d "$number").json
  if [ ! -f "$copy/$head" ]; then tell "$head is missing"; previous=''; continue; fi
  awk 'NR == 1 { printf "%s", $0 }' "$copy/$head" > "$work/body"
  sed -n 2p "$copy/$head" | tr -d '\n' | openssl base64 -d -A > "$work/signature"
  openssl dgst -sha256 -verify "$key" -signature "$work/signature" "$work/body" > /dev/null 2>&1 || tell "$head: the signature is wrong"
  { cat "$work/body"; echo; openssl base64 -A -in "$work/signature"; echo; } | cmp -s - "$copy/$head" || tell "$head is not written as heads are"
  [ "$(count number)" = "$number" ] || tell "$head says that it is number $(count number)"
  [ -z "$previous" ] || [ "$(text previous)" = "$previous" ] || tell "$head follows another head"
  [ -z "$previous" ] || [ "$(text from)" = "$until" ] || tell "$head: its window does not begin where the one before ends"
  previous=$(sum "$copy/$head") until=$(text until) segment=$(text segment)
  case $segment in segments/*[!0-9a-z.-]*|*..*) tell "$head names a segment that is none"; continue;; segments/*) ;; *) tell "$head names no segment"; continue;; esac
  if [ ! -f "$copy/$segment" ]; then tell "$segment is missing"; continue; fi
  [ "$(sum "$copy/$segment")" = "$(text segmentSha256)" ] && continue
  tell "$segment is damaged"
  sed 's/.*"lines":\[\([^]]*\)\].*/\1/' "$work/body" | tr ',' '\n' | tr -d '"' > "$work/sealed"
  : > "$work/found"
  while IFS= read -r line || [ -n "$line" ]; do
    printf %s "$line" | openssl dgst -sha256 -r | cut -c1-64 >> "$work/found"
  done < "$copy/$segment"
  awk -v segment="$segment" '
    NR == FNR { sealed[$0] = NR; wanted[NR] = $0; next }
    { found[$0]++ }
    !($0 in sealed) { print "  " segment ":" FNR " was altered or added" }
    ($0 in sealed) && found[$0] > 1 { print "  " segment ":" FNR " is line " sealed[$0] " a second time" }
    ($0 in sealed) && found[$0] == 1 && sealed[$0] < highest { print "  " segment ":" FNR " was moved: it is sealed as line " sealed[$0] }
    ($0 in sealed) && sealed[$0] > highest { highest = sealed[$0] }
    END { for (i in wanted) if (!(wanted[i] in found)) print "  " segment ": sealed line " i " is altered or gone" }
  ' "$work/sealed" "$work/found"
done
echo "$number heads, sealed until $until, last head $previous"
exit $wrong

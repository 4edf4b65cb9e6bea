# SPDX-License-Identifier: Apache-2.0
# Read by the tests beside it: a server that writes down what is asked for, a browser, and what a report may be made of. Exit
# status 77 (skipped) without chromium and python3.
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [[ -z $browser ]] || ! command -v python3 >/dev/null; then
    echo 'skipped: chromium and python3 are needed'
    exit 77
fi

# A server that answers everything and writes each request's path into a file.
cat >server.py <<'END'
import http.server, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        with open("requests", "a") as log:
            log.write(self.path + "\n")
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"document.title='ran'")
    do_GET = do_POST = do_HEAD = do_OPTIONS = answer
    def log_message(self, *args):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open("port", "w") as port:
    port.write("%d\n" % server.server_port)
server.serve_forever()
END
python3 server.py &
server=$!
trap 'kill $server 2>/dev/null || true; rm -rf "$folder"' EXIT
for ((i = 0; i < 100; i++)); do [[ -s port ]] && break || sleep 0.1; done
[[ -s port ]] || fail 'no server'
at=http://127.0.0.1:$(cat port)

# visit FILE: what the browser makes of it is in dom, what it asked for in requests.
visit() {
    : >requests
    timeout 60 "$browser" --headless --no-sandbox --disable-gpu --disable-background-networking \
        --disable-component-update --no-first-run --user-data-dir="$folder/profile" \
        --virtual-time-budget=3000 --dump-dom "file://$PWD/$1" >dom 2>browser.err ||
        fail "the browser failed: $(tail -n 3 browser.err)"
    [[ -s dom ]] || fail 'the browser shows nothing'
}

# own FILE ELEMENTS LINKS: no element but these, no handler, no address but those that the expression LINKS matches; every
# element is closed, and nothing reorders the text around it.
own() {
    python3 - "$@" <<'END' || fail "$1"
import html.parser, re, sys
own = set(sys.argv[2].split())
attributes = set("""lang charset http-equiv content name class id dir href title aria-label type
checked open role viewbox preserveaspectratio x y d width height""".split())
void = {"meta", "input", "br"}
bad, opened = [], []

class Reader(html.parser.HTMLParser):
    def handle_starttag(self, tag, attrs):
        if tag not in void:
            opened.append(tag)
        if tag not in own:
            bad.append("<%s>" % tag)
        for name, value in attrs:
            if name not in attributes:
                bad.append("<%s %s>" % (tag, name))
            if name == "href" and not re.fullmatch(sys.argv[3], value or ""):
                bad.append("<%s href=%s>" % (tag, value))
    def handle_endtag(self, tag):
        if not opened or opened.pop() != tag:
            bad.append("</%s>" % tag)

text = open(sys.argv[1], encoding="utf-8").read()
Reader().feed(text)
bad += ["<%s> is not closed" % tag for tag in opened]
for code in list(range(0x202A, 0x202F)) + list(range(0x2066, 0x206A)):
    if chr(code) in text:
        bad.append("U+%04X" % code)
print("\n".join(sorted(set(bad))[:20]))
sys.exit(bool(bad))
END
}

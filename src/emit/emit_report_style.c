/* SPDX-License-Identifier: Apache-2.0 */
/* The reports' style sheets: what all have, and what only that of an article has. Light and dark by the
 * reader's own setting; the tints are mixed from one colour each. Names nothing outside of the page: no
 * font, no image, no import. */
#include "emit/report.h"

/* clang-format off */
const char *const dh_report_style[] = {
    ":root{--bg:#f6f5f2;--paper:#fff;--ink:#1c1b19;--soft:#6a665e;--line:#dedad2;"
    "--link:#1f5fa8;",
    "--kept:#3f8f5a;--partly:#8a7a00;--rule:#b3261e;--outside:#7d3fa0;--hidden:#666f7a;"
    "--label:#a85a00;",
    "--repeated:#00796b;--score:#2c62b8}",
    "@media (prefers-color-scheme:dark){:root{--bg:#161719;--paper:#1f2124;--ink:#e8e6e1;"
    "--soft:#a09c94;",
    "--line:#35383d;--link:#8ab8f0;--kept:#6fc58b;--partly:#d6c34a;--rule:#ff8a80;"
    "--outside:#cf9bee;",
    "--hidden:#a3adb8;--label:#f0a958;--repeated:#5fc9bb;--score:#8fb4f5}}",
    "*{box-sizing:border-box}",
    "html{background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,\"Segoe UI\",\"Noto "
    "Sans\",sans-serif}",
    "body{margin:0 auto;max-width:100rem;padding:1.25rem clamp(.75rem,2vw,2rem) 3rem}",
    "a{color:var(--link);text-decoration:none}",
    "a:hover{text-decoration:underline}",
    ":focus-visible{outline:2px solid var(--link);outline-offset:2px}",
    "code{font:.875em/1.4 ui-monospace,\"DejaVu Sans Mono\",monospace;overflow-wrap:anywhere}",
    "bdi,h1,.t,td{overflow-wrap:anywhere}",
    "header h1{font-size:1.5rem;line-height:1.25;margin:0 0 .4rem;text-wrap:balance}",
    ".sum{display:flex;flex-wrap:wrap;gap:.2rem 1.25rem;margin:0 0 .75rem;color:var(--soft)}",
    ".sum b{color:var(--ink)}",
    ".warn{margin:.4rem 0;padding:.45rem .75rem;border-radius:.4rem;border:1px solid "
    "var(--label);",
    "background:color-mix(in srgb,var(--label) 12%,var(--paper))}",
    "details{margin:0 0 .75rem;background:var(--paper);border:1px solid var(--line);"
    "border-radius:.5rem}",
    "summary{cursor:pointer;padding:.4rem .75rem;font-weight:600}",
    "dl{margin:0;padding:.25rem .75rem .5rem;columns:34rem 2;column-gap:2rem;font-size:.875rem}",
    "dl div{display:flex;gap:.75rem;padding:.15rem 0;break-inside:avoid;border-top:1px solid "
    "var(--line)}",
    "dt{flex:0 0 6rem;color:var(--soft)}",
    "dd{margin:0;min-width:0;overflow-wrap:anywhere}",
    "dd small{color:var(--soft);font-size:.8125rem;unicode-bidi:isolate;"
    "margin-inline-start:.5rem}",
    "section{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;"
    "padding:1rem 1.25rem}",
    "h2.part{margin:0 0 .75rem;font-size:.8125rem;font-weight:600;letter-spacing:.02em;"
    "color:var(--soft)}",
    ".none{color:var(--soft)}",
    NULL};

const char *const dh_report_article_style[] = {
    ".legend{position:sticky;top:0;z-index:2;display:flex;flex-wrap:wrap;align-items:center;"
    "gap:.35rem .5rem;",
    "margin:0 0 1rem;padding:.5rem 0;background:var(--bg);border-bottom:1px solid var(--line);"
    "font-size:.8125rem}",
    ".legend>span{color:var(--soft);margin-inline-start:.75rem}",
    ".chip{display:inline-flex;align-items:center;gap:.35em;padding:.1rem .6rem .1rem .4rem;"
    "border-radius:1rem;",
    "border:1px solid var(--c);background:color-mix(in srgb,var(--c) 14%,var(--paper));"
    "cursor:pointer}",
    ".chip input{margin:0;accent-color:var(--c)}",
    ".kept{--c:var(--kept)}.partly{--c:var(--partly)}.rule{--c:var(--rule)}.outside{"
    "--c:var(--outside)}",
    ".hidden{--c:var(--hidden)}.label{--c:var(--label)}.repeated{--c:var(--repeated)}.score{"
    "--c:var(--score)}",
    "main{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:1.25rem;"
    "align-items:start}",
    "main[dir=rtl] h2.part{text-align:right}",
    ".article{position:sticky;top:3.25rem;max-height:calc(100vh - 4rem);overflow:auto;"
    "scrollbar-width:thin}",
    ".article article{font-family:Charter,\"Noto Serif\",\"Noto Naskh Arabic\",Georgia,serif;"
    "font-size:1.0625rem;",
    "line-height:1.65;padding-inline-start:1.75rem}",
    "main[dir=rtl] article{font-size:1.1875rem;line-height:1.8}",
    "article h2,article h3,article h4,article h5,article h6{line-height:1.3;margin:1.4em 0 "
    ".5em}",
    "article h2{font-size:1.4em;margin-top:0}",
    "article p,article blockquote,article pre{margin:0 0 .9em}",
    "article pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8em}",
    "article blockquote{border-inline-start:3px solid var(--line);padding-inline-start:.9em}",
    "article ul,article ol{padding-inline-start:1.4em;margin:0 0 .9em}",
    "article table{border-collapse:collapse;margin:0 0 .9em;font-size:.9em}",
    "article td{border:1px solid var(--line);padding:.2em .6em;vertical-align:top}",
    "article td.no{border:0;padding:0}",
    ".k-heading,article [id]{scroll-margin-top:1rem}",
    ".r-byline,.r-caption,.r-comment{color:var(--soft);font-size:.9em}",
    "article [id]{position:relative}",
    "article a.no{position:absolute;inset-inline-start:-1.9rem;width:1.6rem;text-align:end;",
    "font:.6875rem/1.5 system-ui,sans-serif;color:var(--soft);opacity:.75;padding-top:.45em}",
    "article li a.no{inset-inline-start:-3.4rem}",
    "article td a.no{position:absolute}",
    "nav ul{list-style:none;margin:0 0 1rem;padding:0 0 .75rem;border-bottom:1px solid "
    "var(--line);font-size:.875rem}",
    "nav .l3,nav .l4{padding-inline-start:1rem}nav .l5,nav .l6{padding-inline-start:2rem}",
    ".page ol{list-style:none;margin:0;padding:0}",
    ".b{content-visibility:auto;contain-intrinsic-size:auto 3.5rem;margin:0 0 .35rem;"
    "padding:.3rem .7rem;",
    "border-inline-start:4px solid var(--c);border-radius:.25rem;background:color-mix(in srgb,"
    "var(--c) 11%,var(--paper));",
    "scroll-margin-top:4rem}",
    ".b.kept{background:none}",
    ".b:not(.kept,.partly){display:flex;flex-wrap:wrap;align-items:baseline;gap:0 1rem}",
    ".b:not(.kept,.partly) .t{flex:1 1 auto}",
    ".t{white-space:pre-wrap;font-size:.9375rem;line-height:1.5}",
    ".b:not(.kept,.partly) .t{font-size:.875rem}",
    ".k-heading .t{font-weight:650}.k-code .t{font-family:ui-monospace,monospace}",
    ".hidden .t{color:var(--soft)}",
    ".w{font-size:.75rem;line-height:1.45;color:var(--soft);unicode-bidi:isolate;"
    "overflow-wrap:anywhere}",
    "main[dir=rtl] .w{text-align:right}",
    ".w a{display:inline-block;min-width:1.6em}",
    ".w i{font-style:normal}.w i::after{content:\" \\00b7\"}",
    ".w span{color:var(--c)}",
    ".w .also{display:block;color:var(--soft)}",
    ".kept .w span{color:var(--soft)}",
    "del{background:color-mix(in srgb,var(--rule) 20%,transparent);"
    "text-decoration-color:var(--rule)}",
    ".img{display:block;font-size:.8125rem;color:var(--soft)}.img i{font-style:normal}",
    ":target{outline:2px solid var(--link);outline-offset:3px;border-radius:.2rem}",
    "body:has(#f-kept:not(:checked)) .b.kept,body:has(#f-partly:not(:checked)) .b.partly,",
    "body:has(#f-rule:not(:checked)) .b.rule,body:has(#f-outside:not(:checked)) .b.outside,",
    "body:has(#f-hidden:not(:checked)) .b.hidden,body:has(#f-label:not(:checked)) .b.label,",
    "body:has(#f-repeated:not(:checked)) .b.repeated,body:has(#f-score:not(:checked)) .b.score{"
    "display:none}",
    "@media (max-width:56rem){main{grid-template-columns:minmax(0,1fr)}.article{"
    "position:static;max-height:none}}",
    "@media print{.legend,.article{position:static;max-height:none}.b{"
    "content-visibility:visible}}",
    NULL};
/* clang-format on */

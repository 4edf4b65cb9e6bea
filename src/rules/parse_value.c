/* SPDX-License-Identifier: Apache-2.0 */
/* parse_value: the part of a line behind the colon, one reader per kind of value. */
#include "css/suggest.h"
#include "css/xpath.h"
#include "rules/date_format.h"
#include "rules/rules_private.h"
#include "text/clean.h"

/* What is left to read; a part of the parser's line. */
typedef struct reader {
    dh_rule_parser *parser;
    dh_arena *arena;
    const char *at, *end;
} reader;

static void skip_space(reader *r) {
    while (r->at < r->end && dh_is_space(*r->at)) r->at++;
}

static dh_slice rest(const reader *r) {
    return dh_slice_make(r->at, (size_t)(r->end - r->at));
}

/* ---- scanning ---- */

/* A quotation mark or slash opens something only behind one of these. */
static bool opens_behind(dh_slice text, size_t at) {
    return at == 0 || strchr(" \t(=,[", text.ptr[at - 1]) != NULL;
}

/* Offset of the mark that closes the one at `at`, or text.len. */
static size_t find_close(dh_slice text, size_t at) {
    char mark = text.ptr[at];
    bool in_class = false;
    for (size_t i = at + 1; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\\')
            i++;
        else if (mark == '/' && c == '[')
            in_class = true;
        else if (mark == '/' && c == ']')
            in_class = false;
        else if (c == mark && !in_class)
            return i;
    }
    return text.len;
}

/* The same in XPath, whose strings have no escapes and whose slashes are none of ours. */
static size_t scan_xpath(dh_slice text, dh_slice stop) {
    size_t depth = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (depth == 0 && c == stop.ptr[0] &&
            dh_slice_starts(dh_slice_sub(text, i, text.len), stop))
            return i;
        if (c == '"' || c == '\'') {
            const char *close = memchr(text.ptr + i + 1, c, text.len - i - 1);
            if (close != NULL) i = (size_t)(close - text.ptr);
        } else if (c == '(' || c == '[') {
            depth++;
        } else if ((c == ')' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return text.len;
}

/* What cannot be a regular expression: those begin with one slash and another character. */
static bool is_surely_xpath(dh_slice text) {
    text = dh_slice_trim(text);
    return dh_slice_starts(text, DH_SLICE("//")) || dh_slice_starts(text, DH_SLICE("(/")) ||
           dh_slice_starts(text, DH_SLICE("xpath:"));
}

size_t dh_rule_scan(dh_slice text, dh_slice stop) {
    if (is_surely_xpath(text)) return scan_xpath(text, stop);
    size_t depth = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (depth == 0 && c == stop.ptr[0] &&
            dh_slice_starts(dh_slice_sub(text, i, text.len), stop))
            return i;
        if (c == '\\') {
            i++;
        } else if ((c == '"' || c == '\'' || c == '/') && opens_behind(text, i)) {
            size_t close = find_close(text, i);
            if (close < text.len) i = close;
        } else if (c == '(' || c == '[') {
            depth++;
        } else if ((c == ')' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return text.len;
}

/* ---- words ---- */

static dh_status read_words(reader *r, dh_rule_line *line) {
    DH_VEC(dh_slice) words = {0};
    dh_slice left = rest(r);
    while (left.ptr != NULL) {
        dh_slice word = dh_slice_trim(dh_slice_cut(&left, ','));
        if (word.len == 0) return dh_rule_error(r->parser, word.ptr, "nothing stands here");
        *DH_PUSH(r->arena, words) = word;
    }
    line->words = words.ptr;
    line->word_count = words.len;
    return DH_OK;
}

static dh_slice lower(reader *r, dh_slice s) {
    char *copy = dh_arena_alloc(r->arena, s.len);
    for (size_t i = 0; i < s.len; i++) copy[i] = dh_lower(s.ptr[i]);
    return dh_slice_make(copy, s.len);
}

static dh_status check_host(reader *r, dh_slice host) {
    for (size_t k = 0; k < host.len; k++)
        if (strchr("/:*?@ \t\"", host.ptr[k]) != NULL)
            return dh_rule_error(r->parser, host.ptr + k,
                                 "a host only: no scheme, path, port or star");
    return DH_OK;
}

static dh_status read_hosts(reader *r, dh_rule_line *line) {
    dh_status status = read_words(r, line);
    if (status != DH_OK) return status;
    dh_slice *hosts = dh_arena_alloc(r->arena, line->word_count * sizeof *hosts);
    for (uint32_t i = 0; i < line->word_count; i++) {
        dh_slice word = line->words[i], host = word;
        if (host.ptr[0] == '=') host = dh_slice_sub(host, 1, host.len);
        if (host.len == 0 || host.ptr[0] == '.')
            return dh_rule_error(r->parser, word.ptr, "a host such as news.example expected");
        status = check_host(r, host);
        if (status != DH_OK) return status;
        hosts[i] = lower(r, word);
    }
    line->words = hosts;
    return DH_OK;
}

static dh_status read_places(reader *r, dh_rule_line *line) {
    dh_status status = read_words(r, line);
    if (status != DH_OK) return status;
    for (uint32_t i = 0; i < line->word_count; i++) {
        dh_slice word = line->words[i];
        bool path = word.ptr[0] == '/';
        if (!path && line->verb == DH_RULE_on_path)
            return dh_rule_error(r->parser, word.ptr, "a path begins with /");
        if (!path && dh_slice_has(word, DH_SLICE("/")))
            return dh_rule_error(r->parser, word.ptr, "a path (/...) or a host expected, not both");
        status = path ? DH_OK : check_host(r, word);
        if (status != DH_OK) return status;
    }
    return DH_OK;
}

static dh_status read_date(reader *r, dh_rule_line *line) {
    dh_slice date = rest(r);
    static const char shape[] = "0000-00-00";
    bool good = date.len == sizeof shape - 1;
    for (size_t i = 0; good && i < date.len; i++)
        good = shape[i] == '-' ? date.ptr[i] == '-' : dh_is_digit(date.ptr[i]);
    uint64_t month = 0, day = 0;
    if (good) {
        (void)dh_slice_to_u64(dh_slice_sub(date, 5, 7), &month);
        (void)dh_slice_to_u64(dh_slice_sub(date, 8, 10), &day);
    }
    if (!good || month < 1 || month > 12 || day < 1 || day > 31)
        return dh_rule_error(r->parser, r->at, "a day such as 2024-03-01 expected");
    dh_slice *slot =
        line->verb == DH_RULE_valid_from ? &r->parser->file->from : &r->parser->file->until;
    *slot = date;
    return DH_OK;
}

static dh_status read_switch(reader *r, dh_rule_line *line) {
    line->on = dh_slice_eq(rest(r), DH_SLICE("on"));
    if (line->on || dh_slice_eq(rest(r), DH_SLICE("off"))) return DH_OK;
    return dh_rule_error(r->parser, r->at, "on or off expected");
}

/* ---- phrases ---- */

/* At a quotation mark. A star that no backslash stands before is left as \1, so that it can be told
 * from a written one. */
static dh_status read_quoted(reader *r, dh_slice *out, uint32_t *stars) {
    const char *begin = r->at++;
    char mark = *begin;
    dh_buf buf;
    dh_buf_init(&buf, r->arena, 0);
    *stars = 0;
    while (r->at < r->end && *r->at != mark) {
        char c = *r->at++;
        if (c == '\\' && r->at < r->end) {
            c = *r->at++;
        } else if (c == '*') {
            c = '\1';
            ++*stars;
        }
        dh_buf_putc(&buf, c);
    }
    if (r->at == r->end) return dh_rule_error(r->parser, begin, "the closing %c is missing", mark);
    r->at++;
    *out = dh_buf_slice(&buf);
    return DH_OK;
}

/* At a slash. */
static dh_status read_regex(reader *r, const dh_regex **out) {
    dh_slice text = rest(r);
    size_t close = find_close(text, 0), flags = close + 1, end = flags;
    if (close == text.len)
        return dh_rule_error(r->parser, r->at,
                             "the closing / of the regular expression is missing");
    while (end < text.len && dh_is_alpha(text.ptr[end])) end++;
    dh_error inner = {0};
    dh_regex *regex = NULL;
    dh_status status =
        dh_regex_new(dh_slice_sub(text, 1, close), dh_slice_sub(text, flags, end), &regex, &inner);
    if (status == DH_ERR_RULE) {
        size_t at = inner.offset < close ? (size_t)inner.offset + 1 : close;
        return dh_rule_error(r->parser, text.ptr + at, "%s", inner.message);
    }
    if (status != DH_OK)
        return dh_error_set(r->parser->error, status, "rules", 0, "%s", inner.message);
    dh_rule_own(r->parser->set, regex);
    *out = regex;
    r->at += end;
    return DH_OK;
}

/* The keys of what stands between the stars; a space next to a star is part of the phrase. */
static void make_keys(reader *r, dh_phrase *phrase, dh_slice text, uint32_t stars) {
    dh_slice *keys = dh_arena_zalloc(r->arena, stars + 1, sizeof *keys);
    phrase->keys = keys;
    phrase->key_count = stars + 1;
    if (stars == 0) {
        keys[0] = dh_text_key(text, true, r->arena);
        phrase->trimmed = keys[0].len > 0;
        if (!phrase->trimmed) keys[0] = dh_text_key(text, false, r->arena);
        return;
    }
    for (uint32_t i = 0; i <= stars; i++) {
        dh_slice part = dh_slice_cut(&text, '\1');
        dh_slice key = dh_text_key(part, false, r->arena);
        bool before = i > 0 && key.len > 0 && dh_is_space(part.ptr[0]);
        bool behind = i < stars && key.len > 0 && dh_is_space(part.ptr[part.len - 1]);
        char *whole = dh_arena_alloc(r->arena, key.len + 2);
        size_t n = 0;
        if (before) whole[n++] = ' ';
        if (key.len > 0) memcpy(whole + n, key.ptr, key.len);
        n += key.len;
        if (behind) whole[n++] = ' ';
        keys[i] = dh_slice_make(whole, n);
    }
}

static dh_status read_phrase(reader *r, dh_phrase *phrase) {
    skip_space(r);
    const char *begin = r->at;
    char mark = r->at < r->end ? *r->at : 0;
    if (mark == '/') {
        dh_status status = read_regex(r, &phrase->regex);
        phrase->text = dh_slice_make(begin, (size_t)(r->at - begin));
        return status;
    }
    if (mark != '"' && mark != '\'')
        return dh_rule_error(r->parser, begin, "a text in quotation marks or a /regex/ expected");
    dh_slice text;
    uint32_t stars;
    dh_status status = read_quoted(r, &text, &stars);
    if (status != DH_OK) return status;
    if (dh_slice_trim(text).len == 0) return dh_rule_error(r->parser, begin, "the text is empty");
    phrase->text = dh_slice_make(begin + 1, (size_t)(r->at - begin) - 2);
    make_keys(r, phrase, text, stars);
    size_t letters = 0;
    for (uint32_t i = 0; i < phrase->key_count; i++) letters += phrase->keys[i].len;
    if (letters == 0) return dh_rule_error(r->parser, begin, "this would match every line");
    return DH_OK;
}

static bool read_keyword(reader *r, dh_slice word) {
    skip_space(r);
    dh_slice left = rest(r);
    if (!dh_slice_starts(left, word)) return false;
    if (left.len > word.len && !dh_is_space(left.ptr[word.len]) &&
        strchr("\"'/", left.ptr[word.len]) == NULL)
        return false;
    r->at += word.len;
    return true;
}

/* "a" or "b"; with `groups` also "a" and "b". A comma reads as `or`. */
static dh_status read_phrases(reader *r, dh_rule_line *line, bool groups) {
    DH_VEC(dh_phrase) phrases = {0};
    uint32_t group = 0;
    for (;;) {
        dh_phrase phrase = {.group = group};
        dh_status status = read_phrase(r, &phrase);
        if (status != DH_OK) return status;
        *DH_PUSH(r->arena, phrases) = phrase;
        if (groups && read_keyword(r, DH_SLICE("and"))) continue;
        group++;
        if (read_keyword(r, DH_SLICE("or"))) continue;
        skip_space(r);
        if (r->at == r->end || *r->at != ',') break;
        r->at++;
    }
    skip_space(r);
    if (r->at < r->end)
        return dh_rule_error(r->parser, r->at,
                             groups ? "and, or, or the end of the line expected"
                                    : "or, or the end of the line expected");
    line->phrases = phrases.ptr;
    line->phrase_count = phrases.len;
    return DH_OK;
}

static dh_status read_replace(reader *r, dh_rule_line *line) {
    skip_space(r);
    uint32_t stars = 0;
    dh_status status;
    const char *begin = r->at;
    if (*begin == '/') {
        status = read_regex(r, &line->regex);
    } else if (*begin == '"' || *begin == '\'') {
        status = read_quoted(r, &line->literal, &stars);
        if (status == DH_OK && (stars > 0 || line->literal.len == 0))
            return dh_rule_error(r->parser, begin,
                                 stars > 0 ? "no star here: use a /regex/" : "the text is empty");
    } else {
        return dh_rule_error(r->parser, begin, "a /regex/ or a text in quotation marks expected");
    }
    if (status != DH_OK) return status;
    skip_space(r);
    if (!dh_slice_starts(rest(r), DH_SLICE("=>")))
        return dh_rule_error(r->parser, r->at, "=> and the new text expected");
    r->at += 2;
    skip_space(r);
    if (r->at == r->end || (*r->at != '"' && *r->at != '\''))
        return dh_rule_error(r->parser, r->at, "the new text in quotation marks expected");
    const char *quoted = r->at;
    status = read_quoted(r, &line->replacement, &stars);
    if (status != DH_OK) return status;
    if (stars > 0)
        return dh_rule_error(r->parser, quoted, "a star in the new text needs a backslash: \\*");
    for (size_t i = 0; i + 1 < line->replacement.len; i++)
        if (line->replacement.ptr[i] == '$' && strchr("23456789", line->replacement.ptr[i + 1]))
            return dh_rule_error(r->parser, quoted, "only $0 (all) and $1 (first group) are known");
    skip_space(r);
    if (r->at < r->end) return dh_rule_error(r->parser, r->at, "nothing may stand behind the text");
    return DH_OK;
}

/* ---- selectors and filters ---- */

static dh_status read_selector(reader *r, dh_rule_line *line, dh_slice text) {
    dh_error inner = {0};
    dh_css *css;
    dh_status status = dh_css_compile(text, r->arena, dh_rule_own, r->parser->set, &css, &inner);
    line->css = css;
    if (status == DH_OK) return DH_OK;
    if (status == DH_ERR_MEMORY)
        return dh_error_set(r->parser->error, status, "rules", 0, "out of memory");
    size_t at = inner.offset < text.len ? (size_t)inner.offset : text.len;
    return dh_rule_error(r->parser, text.ptr + at, "%s", inner.message);
}

static dh_status read_filter(reader *r, dh_filter *filter, dh_rule_line *line) {
    static const struct {
        dh_slice name;
        dh_filter_kind kind;
    } known[] = {{DH_SLICE_INIT("drop"), DH_FILTER_DROP},
                 {DH_SLICE_INIT("match"), DH_FILTER_MATCH},
                 {DH_SLICE_INIT("date"), DH_FILTER_DATE},
                 {DH_SLICE_INIT("at most"), DH_FILTER_AT_MOST}};
    skip_space(r);
    const char *begin = r->at;
    size_t k = 0, n = sizeof known / sizeof *known;
    while (k < n && !read_keyword(r, known[k].name)) k++;
    if (k == n)
        return dh_rule_error(r->parser, begin, "drop, match, date or at most expected behind |");
    filter->kind = known[k].kind;
    skip_space(r);
    if (filter->kind == DH_FILTER_AT_MOST) {
        dh_slice left = rest(r), digits = dh_slice_token(&left);
        uint64_t number;
        if (!dh_slice_to_u64(digits, &number) || number == 0 || number > 1000000)
            return dh_rule_error(r->parser, r->at, "a number expected");
        filter->number = line->at_most = (uint32_t)number;
        r->at = digits.ptr + digits.len;
        return DH_OK;
    }
    if (filter->kind != DH_FILTER_DATE && r->at < r->end && *r->at == '/')
        return read_regex(r, &filter->regex);
    if (filter->kind == DH_FILTER_MATCH || r->at == r->end || (*r->at != '"' && *r->at != '\''))
        return dh_rule_error(r->parser, r->at,
                             filter->kind == DH_FILTER_MATCH
                                 ? "a /regex/ expected"
                                 : "a text in quotation marks expected");
    uint32_t stars;
    const char *quoted = r->at;
    dh_status status = read_quoted(r, &filter->text, &stars);
    if (status != DH_OK) return status;
    if (stars > 0) return dh_rule_error(r->parser, begin, "no star here: use a /regex/");
    const char *why = filter->kind == DH_FILTER_DATE ? dh_date_format_check(filter->text) : NULL;
    return why != NULL ? dh_rule_error(r->parser, quoted, "%s", why) : DH_OK;
}

/* Behind the value: | drop "x" | match /re/ | date "FORMAT" | at most 3 */
static dh_status read_filters(reader *r, dh_rule_line *line) {
    DH_VEC(dh_filter) filters = {0};
    for (skip_space(r); r->at < r->end; skip_space(r)) {
        if (*r->at != '|') return dh_rule_error(r->parser, r->at, "| and a filter expected");
        r->at++;
        dh_filter filter = {0};
        dh_status status = read_filter(r, &filter, line);
        if (status != DH_OK) return status;
        *DH_PUSH(r->arena, filters) = filter;
    }
    line->filters = filters.ptr;
    line->filter_count = filters.len;
    return DH_OK;
}

/* A filter's word with its argument; `| date` alone may be an XPath's element. */
static bool filter_follows(reader r) {
    static const dh_slice words[] = {DH_SLICE_INIT("drop"), DH_SLICE_INIT("match"),
                                     DH_SLICE_INIT("date"), DH_SLICE_INIT("at most")};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!read_keyword(&r, words[i])) continue;
        skip_space(&r);
        return r.at < r.end && (dh_is_digit(*r.at) || strchr("/\"'", *r.at) != NULL);
    }
    return false;
}

/* The part of the value before its filters. In XPath | also joins paths. */
static reader cut_filters(reader *r) {
    dh_slice bar = DH_SLICE(" | ");
    reader value = *r;
    bool xpath = dh_xpath_is(rest(r));
    while (r->at < r->end) {
        dh_slice left = rest(r);
        r->at += xpath ? scan_xpath(left, bar) : dh_rule_scan(left, bar);
        reader behind = {r->parser, r->arena, r->at + bar.len, r->end};
        if (!xpath || r->at == r->end || filter_follows(behind)) break;
        r->at += bar.len;
    }
    value.end = r->at;
    return value;
}

/* Where the @attribute behind a selector begins, or text.len. An XPath may also end in "/@content":
 * that is its own. */
static size_t find_attribute(dh_slice text) {
    if (!dh_xpath_is(text))
        return dh_slice_starts(text, DH_SLICE("@")) ? 0 : dh_rule_scan(text, DH_SLICE(" @"));
    size_t at = scan_xpath(text, DH_SLICE(" @"));
    dh_slice before = dh_slice_trim(dh_slice_sub(text, 0, at));
    bool ends = before.len > 0 && (before.ptr[before.len - 1] == ']' ||
                                   before.ptr[before.len - 1] == ')' ||
                                   dh_is_alnum(before.ptr[before.len - 1]));
    return ends ? at : text.len;
}

/* SELECTOR [@attr] [| filter]... */
static dh_status read_field(reader *r, dh_rule_line *line) {
    reader value = cut_filters(r);
    dh_slice text = dh_slice_trim(rest(&value));
    size_t at = find_attribute(text);
    if (at < text.len) {
        dh_slice attr = dh_slice_trim(dh_slice_sub(text, at, text.len));
        for (size_t i = 1; i < attr.len; i++)
            if (!dh_is_alnum(attr.ptr[i]) && strchr("-_:.", attr.ptr[i]) == NULL)
                return dh_rule_error(r->parser, attr.ptr + i, "@ and an attribute's name expected");
        if (attr.len < 2 || at == 0)
            return dh_rule_error(r->parser, attr.ptr, "a selector and @attribute expected");
        line->attr = lower(r, dh_slice_sub(attr, 1, attr.len));
        text = dh_slice_trim(dh_slice_sub(text, 0, at));
    }
    if (line->verb == DH_RULE_remove_attr && line->attr.len == 0)
        return dh_rule_error(r->parser, value.end, "a selector and @attribute expected");
    dh_status status = read_selector(r, line, text);
    return status == DH_OK ? read_filters(r, line) : status;
}

static dh_status read_labels(reader *r, dh_rule_line *line) {
    reader value = cut_filters(r);
    while (value.end > value.at && dh_is_space(value.end[-1])) value.end--;
    dh_status status = read_phrases(&value, line, false);
    if (status == DH_OK) status = read_filters(r, line);
    for (uint32_t i = 0; status == DH_OK && i < line->filter_count; i++)
        if (line->filters[i].kind != DH_FILTER_AT_MOST)
            return dh_rule_error(r->parser, value.end, "only | at most N may stand here");
    return status;
}

/* ---- for the fetcher ---- */

/* NAME: VALUE. What the transport says itself is not for a rule to say. */
static dh_status read_header(reader *r, dh_rule_line *line) {
    static const char *const own[] = {"host",       "content-length",  "transfer-encoding", "te",
                                      "connection", "accept-encoding", "upgrade",           "expect"};
    dh_slice left = rest(r), name = dh_slice_cut(&left, ':');
    if (left.ptr == NULL || dh_slice_trim(left).len == 0)
        return dh_rule_error(r->parser, r->at, "a header's name, a colon and its value expected");
    for (size_t i = 0; i < name.len; i++)
        if (!dh_is_alnum(name.ptr[i]) && strchr("!#$%&'*+-.^_`|~", name.ptr[i]) == NULL)
            return dh_rule_error(r->parser, name.ptr + i, "this cannot stand in a header's name");
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (dh_slice_eq_nocase(name, dh_slice_cstr(own[i])))
            return dh_rule_error(r->parser, name.ptr, "this header is the transport's own");
    dh_slice *words = dh_arena_alloc(r->arena, 2 * sizeof *words);
    words[0] = name;
    words[1] = dh_slice_trim(left);
    line->words = words;
    line->word_count = 2;
    return name.len > 0 ? DH_OK : dh_rule_error(r->parser, r->at, "a header's name expected");
}

/* "2", "0.5": at most a day. */
static dh_status read_seconds(reader *r, dh_rule_line *line) {
    dh_slice text = rest(r), left = text, whole = dh_slice_cut(&left, '.');
    uint64_t seconds = 0, part = 0, unit = 1000;
    bool good = dh_slice_to_u64(whole, &seconds) && seconds <= 86400;
    if (good && left.ptr != NULL) good = left.len <= 3 && dh_slice_to_u64(left, &part);
    for (size_t i = 0; good && left.ptr != NULL && i < left.len; i++) unit /= 10;
    if (!good)
        return dh_rule_error(r->parser, text.ptr, "seconds expected, such as 2 or 0.5, up to 86400");
    line->ms = (uint32_t)(seconds * 1000 + part * unit);
    return DH_OK;
}

dh_status dh_rule_parse_value(dh_rule_parser *parser, dh_rule_line *line, dh_slice value) {
    reader r = {parser, parser->set->arena, value.ptr, value.ptr + value.len};
    bool quoted = value.ptr[0] == '"' || value.ptr[0] == '\'';
    switch (dh_directives[line->verb].value) {
    case DH_VALUE_HOSTS:
        return read_hosts(&r, line);
    case DH_VALUE_PLACES:
        return read_places(&r, line);
    case DH_VALUE_SELECTOR:
        if (quoted)
            return dh_rule_error(parser, value.ptr, "a CSS selector expected, not a quoted text");
        return read_selector(&r, line, value);
    case DH_VALUE_TARGET:
        return quoted ? read_phrases(&r, line, false) : read_selector(&r, line, value);
    case DH_VALUE_PHRASES:
        return read_phrases(&r, line, true);
    case DH_VALUE_LABELS:
        return read_labels(&r, line);
    case DH_VALUE_LINES:
        return read_phrases(&r, line, false);
    case DH_VALUE_DATE:
        return read_date(&r, line);
    case DH_VALUE_NAMES:
        return read_words(&r, line);
    case DH_VALUE_SWITCH:
        return read_switch(&r, line);
    case DH_VALUE_REPLACE:
        return read_replace(&r, line);
    case DH_VALUE_FIELD:
        return read_field(&r, line);
    case DH_VALUE_HEADER:
        return read_header(&r, line);
    case DH_VALUE_SECONDS:
        return read_seconds(&r, line);
    case DH_VALUE_RAW:
        return DH_OK;
    }
    return DH_OK;
}

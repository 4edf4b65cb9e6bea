/* SPDX-License-Identifier: Apache-2.0 */
/* names: authors' names out of what stands where an author should. A list is split only where every
 * part still looks like a name; what is no name (roles, addresses, dates) is left out. */
#include "base/utf8.h"
#include "meta/state.h"
#include "text/class.h"

/* Compared with ASCII case ignored; a space or colon at the end is part of the word. Some also begin
 * names ("von der Leyen", "Di Maio"): they are believed in lines of the page only, or with a capital
 * too, and only in front of two words that begin like a name. */
static const struct {
    dh_slice text;
    enum { PREFIX_ALWAYS, PREFIX_CAPITAL, PREFIX_LINE } use;
} prefixes[] = {
    {DH_SLICE_INIT("by "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("by:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("written by "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("written by:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("posted by "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("posted by:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("reported by "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("story by "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("words by "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("published by "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("author:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("authors:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("von:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("autor:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("autorin:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("autoren:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("text:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("ein artikel von "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("eine analyse von "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("ein kommentar von "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("ein gastbeitrag von "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("eine kolumne von "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("par:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("auteur:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("auteur :"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("propos recueillis par "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("escrito por "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("por:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("a cura di "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("verfasst von "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("geschrieben von "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("écrit par "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("Écrit par "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("scritto da "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("geschreven door "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("napisane przez "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("skrivet av "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("skrevet av "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("ditulis oleh "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("執筆者:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("執筆者："), PREFIX_ALWAYS},
    {DH_SLICE_INIT("autore:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("door:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("oleh "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("oleh:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("penulis:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("yazan:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("yazar:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("szerző:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("skriven av "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("autorzy:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("oprac. "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("автор:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("Автор:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("текст:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("Текст:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("Tác giả:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("بقلم:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("بقلم :"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("بقلم/"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("بقلم "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("كتب:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("كتب :"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("كتب/"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("كتب "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("كتبت:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("كتبت :"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("كتبت/"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("كتبت "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("تحرير:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("إعداد:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("الكاتب:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("نویسنده:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("نویسنده :"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("به قلم "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("מאת:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("מאת "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("作者："), PREFIX_ALWAYS},
    {DH_SLICE_INIT("作者:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("文/"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("文／"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("记者："), PREFIX_ALWAYS},
    {DH_SLICE_INIT("責任編輯："), PREFIX_ALWAYS},
    {DH_SLICE_INIT("责任编辑："), PREFIX_ALWAYS},
    {DH_SLICE_INIT("责编："), PREFIX_ALWAYS},
    {DH_SLICE_INIT("author of the article:"), PREFIX_ALWAYS},
    {DH_SLICE_INIT("kommentar von "), PREFIX_ALWAYS},
    {DH_SLICE_INIT("von "), PREFIX_CAPITAL},
    {DH_SLICE_INIT("par "), PREFIX_CAPITAL},
    {DH_SLICE_INIT("por "), PREFIX_CAPITAL},
    {DH_SLICE_INIT("di "), PREFIX_LINE},
    {DH_SLICE_INIT("door "), PREFIX_LINE},
    {DH_SLICE_INIT("av "), PREFIX_LINE},
    {DH_SLICE_INIT("af "), PREFIX_LINE},
    {DH_SLICE_INIT("от "), PREFIX_LINE},
    {DH_SLICE_INIT("του "), PREFIX_LINE},
    {DH_SLICE_INIT("της "), PREFIX_LINE},
    {DH_SLICE_INIT("글 "), PREFIX_LINE},
    {DH_SLICE_INIT("author "), PREFIX_LINE},
    {DH_SLICE_INIT("autor "), PREFIX_LINE},
};

/* Behind a name: a trade, not part of it. */
static const dh_slice suffixes[] = {
    DH_SLICE_INIT(" 기자"), DH_SLICE_INIT(" 특파원"), DH_SLICE_INIT("記者"), DH_SLICE_INIT("记者"),
    DH_SLICE_INIT("："),    DH_SLICE_INIT(":"),       DH_SLICE_INIT(","),    DH_SLICE_INIT("-"),
    DH_SLICE_INIT("–"),     DH_SLICE_INIT("|"),       DH_SLICE_INIT("،"),    DH_SLICE_INIT("/"),
};

/* Parts of a list that are titles or trades of the name before them. */
static const dh_slice roles[] = {
    DH_SLICE_INIT("editor"),      DH_SLICE_INIT("reporter"),    DH_SLICE_INIT("correspondent"),
    DH_SLICE_INIT("writer"),      DH_SLICE_INIT("journalist"),  DH_SLICE_INIT("columnist"),
    DH_SLICE_INIT("contributor"), DH_SLICE_INIT("director"),    DH_SLICE_INIT("producer"),
    DH_SLICE_INIT("analyst"),     DH_SLICE_INIT("professor"),   DH_SLICE_INIT("founder"),
    DH_SLICE_INIT("manager"),     DH_SLICE_INIT("redakteur"),   DH_SLICE_INIT("korrespondent"),
    DH_SLICE_INIT("chefredakt"),  DH_SLICE_INIT("rédact"),      DH_SLICE_INIT("redactor"),
    DH_SLICE_INIT("redattore"),   DH_SLICE_INIT("journaliste"), DH_SLICE_INIT("periodista"),
    DH_SLICE_INIT("مراسل"),       DH_SLICE_INIT("محرر"),
};

/* Degrees and the like, which go with the name before them or are dropped. */
static const dh_slice degrees[] = {
    DH_SLICE_INIT("jr"),  DH_SLICE_INIT("jr."),   DH_SLICE_INIT("sr"),  DH_SLICE_INIT("sr."),
    DH_SLICE_INIT("phd"), DH_SLICE_INIT("ph.d."), DH_SLICE_INIT("md"),  DH_SLICE_INIT("m.d."),
    DH_SLICE_INIT("mba"), DH_SLICE_INIT("ma"),    DH_SLICE_INIT("msc"), DH_SLICE_INIT("esq."),
    DH_SLICE_INIT("esq"), DH_SLICE_INIT("cpa"),   DH_SLICE_INIT("rn"),  DH_SLICE_INIT("dds"),
    DH_SLICE_INIT("ii"),  DH_SLICE_INIT("iii"),   DH_SLICE_INIT("dr"),  DH_SLICE_INIT("dvm"),
};

/* What content systems write where no author is known. */
static const dh_slice nobodies[] = {
    DH_SLICE_INIT("admin"),     DH_SLICE_INIT("administrator"),
    DH_SLICE_INIT("webmaster"), DH_SLICE_INIT("unknown"),
    DH_SLICE_INIT("anonymous"), DH_SLICE_INIT("null"),
    DH_SLICE_INIT("undefined"), DH_SLICE_INIT("none"),
    DH_SLICE_INIT("n/a"),       DH_SLICE_INIT("author"),
    DH_SLICE_INIT("authors"),   DH_SLICE_INIT("guest"),
    DH_SLICE_INIT("user"),      DH_SLICE_INIT("default"),
    DH_SLICE_INIT("root"),      DH_SLICE_INIT("autor"),
    DH_SLICE_INIT("by"),        DH_SLICE_INIT("von"),
    DH_SLICE_INIT("name"),      DH_SLICE_INIT("test"),
    DH_SLICE_INIT("true"),      DH_SLICE_INIT("false"),
    DH_SLICE_INIT("share"),     DH_SLICE_INIT("follow"),
    DH_SLICE_INIT("email"),     DH_SLICE_INIT("facebook"),
    DH_SLICE_INIT("twitter"),   DH_SLICE_INIT("written by"),
    DH_SLICE_INIT("posted by"), DH_SLICE_INIT("full bio"),
};

#define COUNT(table) (sizeof table / sizeof *(table))

static bool is_in(dh_slice s, const dh_slice *table, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (dh_slice_eq_nocase(s, table[i])) return true;
    return false;
}

/* White space and the marks that are never the edge of a name. */
static dh_slice trim(dh_slice s) {
    static const dh_slice wide[] = {DH_SLICE_INIT("•"),  DH_SLICE_INIT("·"),  DH_SLICE_INIT("–"),
                                    DH_SLICE_INIT("—"),  DH_SLICE_INIT("："), DH_SLICE_INIT("،"),
                                    DH_SLICE_INIT("、"), DH_SLICE_INIT("，"), DH_SLICE_INIT("｜")};
    for (;;) {
        size_t before = s.len;
        s = dh_slice_trim(s);
        if (s.len > 0 && memchr(",;|/-:*", s.ptr[0], 7) != NULL) s = dh_slice_sub(s, 1, s.len);
        if (s.len > 0 && memchr(",;|/-:*", s.ptr[s.len - 1], 7) != NULL) s.len--;
        for (size_t i = 0; i < COUNT(wide); i++) {
            if (dh_slice_starts(s, wide[i])) s = dh_slice_sub(s, wide[i].len, s.len);
            if (dh_slice_ends(s, wide[i])) s.len -= wide[i].len;
        }
        if (s.len == before) return s;
    }
}

static uint32_t word_count(dh_slice s) {
    uint32_t n = 0;
    while (dh_slice_token(&s).len > 0) n++;
    return n;
}

static bool strip_prefix(dh_slice text, bool line, dh_slice *rest) {
    text = dh_slice_trim(text);
    for (size_t i = 0; i < COUNT(prefixes); i++) {
        if (!dh_slice_starts_nocase(text, prefixes[i].text)) continue;
        *rest = trim(dh_slice_sub(text, prefixes[i].text.len, text.len));
        bool capital = text.ptr[0] >= 'A' && text.ptr[0] <= 'Z';
        bool believed = prefixes[i].use == PREFIX_ALWAYS || line ||
                        (prefixes[i].use == PREFIX_CAPITAL && capital);
        bool alone = word_count(*rest) < 2 || (rest->ptr[0] >= 'a' && rest->ptr[0] <= 'z');
        if (!believed || (prefixes[i].use != PREFIX_ALWAYS && alone)) continue;
        return rest->len > 0;
    }
    return false;
}

bool dh_names_is_prefix(dh_slice text) {
    text = dh_slice_trim(text);
    if (dh_slice_ends(text, DH_SLICE(":")))
        text = dh_slice_trim(dh_slice_sub(text, 0, text.len - 1));
    for (size_t i = 0; i < COUNT(prefixes); i++) {
        dh_slice word = dh_slice_trim(prefixes[i].text);
        if (prefixes[i].use == PREFIX_LINE) continue;
        if (dh_slice_ends(word, DH_SLICE(":")))
            word = dh_slice_trim(dh_slice_sub(word, 0, word.len - 1));
        if (dh_slice_eq_nocase(text, word)) return true;
    }
    return false;
}

bool dh_names_is_byline(dh_slice text, dh_slice *rest) {
    return strip_prefix(text, true, rest);
}

static dh_slice without_affixes(dh_slice name) {
    dh_slice rest;
    name = trim(name);
    if (strip_prefix(name, false, &rest)) name = rest;
    for (size_t i = 0; i < COUNT(suffixes); i++)
        if (name.len > suffixes[i].len && dh_slice_ends(name, suffixes[i]))
            name = trim(dh_slice_sub(name, 0, name.len - suffixes[i].len));
    static const dh_slice dashes[] = {DH_SLICE_INIT(" - "), DH_SLICE_INIT(" – "),
                                      DH_SLICE_INIT(" — ")};
    for (size_t i = 0; i < COUNT(dashes); i++) { /* "Jane Doe - Cairo" */
        size_t at = dh_slice_find(name, dashes[i]);
        if (at != DH_NPOS && word_count(dh_slice_sub(name, 0, at)) >= 2)
            name = trim(dh_slice_sub(name, 0, at));
    }
    if (name.len > 2 && name.ptr[name.len - 1] == ')') { /* "Jane Doe (Reuters)" */
        size_t open = name.len - 1;
        while (open > 0 && name.ptr[open] != '(') open--;
        if (open > 3) name = trim(dh_slice_sub(name, 0, open));
    }
    return name;
}

bool dh_names_has_role(dh_slice part) {
    for (size_t i = 0; i < COUNT(roles); i++)
        if (dh_slice_has_nocase(part, roles[i])) return true;
    return false;
}

/* "dpa", "AFP", "AP": agencies are written beside names in lists. */
static bool is_acronym(dh_slice part) {
    bool upper = true, lower = true;
    for (size_t i = 0; i < part.len; i++) {
        upper = upper && part.ptr[i] >= 'A' && part.ptr[i] <= 'Z';
        lower = lower && part.ptr[i] >= 'a' && part.ptr[i] <= 'z';
    }
    return part.len >= 2 && part.len <= 5 && (upper || lower);
}

/* "page.head.author": what a template should have replaced. */
static bool is_template(dh_slice name) {
    size_t dots = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == ' ') return false;
        dots += name.ptr[i] == '.' && i > 2 && i + 1 < name.len;
    }
    return dots > 2;
}

static bool is_name(dh_slice name) {
    if (name.len < 2 || name.len > 120 || word_count(name) > 6) return false;
    if (dh_slice_has_nocase(name, DH_SLICE("http")) || dh_slice_has(name, DH_SLICE("www.")) ||
        dh_slice_has(name, DH_SLICE("@")) || dh_slice_has(name, DH_SLICE(".com/")))
        return false;
    if (name.ptr[0] == '(' || is_template(name)) return false;
    if (is_in(name, nobodies, COUNT(nobodies))) return false;
    uint32_t letters = 0, digits = 0, other = 0;
    for (size_t i = 0; i < name.len;) {
        uint32_t c;
        i += dh_utf8_decode(name.ptr + i, name.ptr + name.len, &c);
        if (c < 0x80 ? dh_is_alpha((char)c) : dh_code_is_letter(c))
            letters++;
        else if (dh_code_is_digit(c))
            digits++;
        else if (c < 0x80 && memchr("<>{}=[]\"\\?!#%", (int)c, 13) != NULL)
            other++;
    }
    return letters >= 2 && other == 0 && digits <= letters / 2;
}

/* A word as it begins in a name: not lower case, but for the particles of names. */
static bool is_name_word(dh_slice word) {
    static const dh_slice particles[] = {
        DH_SLICE_INIT("von"), DH_SLICE_INIT("van"), DH_SLICE_INIT("der"), DH_SLICE_INIT("den"),
        DH_SLICE_INIT("de"),  DH_SLICE_INIT("del"), DH_SLICE_INIT("di"),  DH_SLICE_INIT("da"),
        DH_SLICE_INIT("dos"), DH_SLICE_INIT("la"),  DH_SLICE_INIT("le"),  DH_SLICE_INIT("bin"),
        DH_SLICE_INIT("al"),  DH_SLICE_INIT("el"),  DH_SLICE_INIT("and"), DH_SLICE_INIT("und"),
        DH_SLICE_INIT("et"),  DH_SLICE_INIT("y"),   DH_SLICE_INIT("e"),   DH_SLICE_INIT("och"),
        DH_SLICE_INIT("og"),  DH_SLICE_INIT("en"),  DH_SLICE_INIT("i"),   DH_SLICE_INIT("du"),
        DH_SLICE_INIT("do"),  DH_SLICE_INIT("das"), DH_SLICE_INIT("af"),  DH_SLICE_INIT("av"),
        DH_SLICE_INIT("zu"),  DH_SLICE_INIT("ten"), DH_SLICE_INIT("ter"), DH_SLICE_INIT("dpa")};
    char c = word.ptr[0];
    if (!(c >= 'a' && c <= 'z')) return true;
    if (word.ptr[word.len - 1] == ',') word.len--;
    for (size_t i = 0; i < COUNT(particles); i++)
        if (dh_slice_eq(word, particles[i])) return true;
    return false;
}

/* Words of labels and buttons that stand beside names. */
static bool is_label_word(dh_slice word) {
    static const dh_slice words[] = {
        DH_SLICE_INIT("bio"),       DH_SLICE_INIT("share"),     DH_SLICE_INIT("comments"),
        DH_SLICE_INIT("comment"),   DH_SLICE_INIT("policy"),    DH_SLICE_INIT("read"),
        DH_SLICE_INIT("follow"),    DH_SLICE_INIT("subscribe"), DH_SLICE_INIT("newsletter"),
        DH_SLICE_INIT("email"),     DH_SLICE_INIT("about"),     DH_SLICE_INIT("more"),
        DH_SLICE_INIT("view"),      DH_SLICE_INIT("posts"),     DH_SLICE_INIT("articles"),
        DH_SLICE_INIT("reviewed"),  DH_SLICE_INIT("edited"),    DH_SLICE_INIT("checked"),
        DH_SLICE_INIT("copyright"), DH_SLICE_INIT("min"),       DH_SLICE_INIT("updated"),
        DH_SLICE_INIT("published"), DH_SLICE_INIT("photo"),     DH_SLICE_INIT("photos"),
        DH_SLICE_INIT("image"),     DH_SLICE_INIT("written"),   DH_SLICE_INIT("insights"),
        DH_SLICE_INIT("am"),        DH_SLICE_INIT("pm"),        DH_SLICE_INIT("ago"),
        DH_SLICE_INIT("contact"),   DH_SLICE_INIT("listen"),    DH_SLICE_INIT("print"),
        DH_SLICE_INIT("save"),      DH_SLICE_INIT("see"),       DH_SLICE_INIT("all"),
        DH_SLICE_INIT("stories"),   DH_SLICE_INIT("category"),  DH_SLICE_INIT("categories"),
        DH_SLICE_INIT("started"),   DH_SLICE_INIT("release"),   DH_SLICE_INIT("reading"),
        DH_SLICE_INIT("last"),      DH_SLICE_INIT("tips"),      DH_SLICE_INIT("news")};
    return is_in(word, words, COUNT(words));
}

bool dh_names_is_person(dh_slice text) {
    if (text.len < 3 || text.len > 150) return false;
    uint32_t c, words = 0, first;
    dh_utf8_decode_before(text.ptr, text.ptr + text.len, &c);
    dh_utf8_decode(text.ptr, text.ptr + text.len, &first);
    if (c == '.' || c == '?' || c == '!' || c == ':') return false;
    dh_slice rest = text;
    for (dh_slice word = dh_slice_token(&rest); word.len > 0; word = dh_slice_token(&rest)) {
        if (!is_name_word(word) || is_label_word(word)) return false;
        words++;
    }
    if (words > 20) return false;
    bool one = words == 1 && !is_acronym(text) && !dh_code_is_unspaced(first) &&
               !(first >= 0xAC00 && first < 0xD7B0);
    return one ? text.len >= 4 && !dh_slice_has(text, DH_SLICE(".")) : true;
}

static void push(dh_names *names, dh_slice name, dh_arena *arena) {
    if (names->len >= DH_META_MANY) return;
    for (uint32_t i = 0; i < names->len; i++)
        if (dh_slice_eq_nocase(names->ptr[i], name)) return;
    *DH_PUSH(arena, *names) = name;
}

/* Splits at separators, and says whether every part may stand alone: a part of one word is no name
 * unless it is an agency. */
static bool cut_list(dh_slice text, const dh_slice *separators, size_t n, bool need_words,
                     dh_names *parts, dh_arena *arena) {
    size_t begin = 0;
    bool safe = true;
    parts->len = 0;
    for (size_t at = 0; at <= text.len && parts->len < DH_META_MANY;) {
        size_t cut = at == text.len ? 1 : 0;
        for (size_t i = 0; i < n && cut == 0; i++)
            if (dh_slice_starts_nocase(dh_slice_sub(text, at, text.len), separators[i]))
                cut = separators[i].len;
        if (cut == 0) {
            at++;
            continue;
        }
        dh_slice part = trim(dh_slice_sub(text, begin, at));
        if (part.len > 0) {
            *DH_PUSH(arena, *parts) = part;
            bool extra =
                dh_names_has_role(part) || is_in(part, degrees, COUNT(degrees)) || is_acronym(part);
            if (need_words && word_count(part) < 2 && !extra) safe = false;
        }
        at += cut;
        begin = at;
    }
    return safe && parts->len > 1;
}

static const dh_slice soft[] = {DH_SLICE_INIT(","), DH_SLICE_INIT("،"), DH_SLICE_INIT("，")};

/* "Jane Doe, Paris": behind a whole name one word is a place, an agency or a trade. */
static void leave_out_words(dh_names *parts) {
    uint32_t n = 1;
    if (parts->len < 2 || word_count(parts->ptr[0]) < 2) return;
    for (uint32_t i = 1; i < parts->len; i++)
        if (word_count(parts->ptr[i]) > 1 || is_acronym(parts->ptr[i]))
            parts->ptr[n++] = parts->ptr[i];
    parts->len = n;
}

/* Splits one level; what cannot be split safely stays whole. */
static void split_parts(dh_names *from, const dh_slice *separators, size_t n, bool need_words,
                        dh_names *to, dh_arena *arena) {
    dh_names parts = {NULL, 0, 0};
    to->len = 0;
    for (uint32_t i = 0; i < from->len && to->len < DH_META_MANY; i++) {
        bool safe = cut_list(from->ptr[i], separators, n, need_words, &parts, arena);
        if (!safe && separators == soft && parts.len > 1 && word_count(parts.ptr[0]) >= 2) {
            leave_out_words(&parts);
            safe = true;
        }
        if (!safe) {
            *DH_PUSH(arena, *to) = from->ptr[i];
            continue;
        }
        for (uint32_t k = 0; k < parts.len && to->len < DH_META_MANY; k++)
            *DH_PUSH(arena, *to) = parts.ptr[k];
    }
}

static const dh_slice hard[] = {DH_SLICE_INIT(";"),   DH_SLICE_INIT(" | "), DH_SLICE_INIT("|"),
                                DH_SLICE_INIT(" / "), DH_SLICE_INIT("；"),  DH_SLICE_INIT("、"),
                                DH_SLICE_INIT("\n"),  DH_SLICE_INIT(" • "), DH_SLICE_INIT(" · ")};
static const dh_slice words_and[] = {
    DH_SLICE_INIT(" and "), DH_SLICE_INIT(" & "),   DH_SLICE_INIT(" und "), DH_SLICE_INIT(" et "),
    DH_SLICE_INIT(" y "),   DH_SLICE_INIT(" e "),   DH_SLICE_INIT(" en "),  DH_SLICE_INIT(" och "),
    DH_SLICE_INIT(" og "),  DH_SLICE_INIT(" ja "),  DH_SLICE_INIT(" és "),  DH_SLICE_INIT(" ve "),
    DH_SLICE_INIT(" i "),   DH_SLICE_INIT(" a "),   DH_SLICE_INIT(" и "),   DH_SLICE_INIT(" та "),
    DH_SLICE_INIT(" و "),   DH_SLICE_INIT(" dan "), DH_SLICE_INIT(" și "),
};

/* "A, B, and C": the last part begins with the word. */
static dh_slice without_and(dh_slice part) {
    for (size_t i = 0; i < COUNT(words_and); i++) {
        dh_slice word = dh_slice_sub(words_and[i], 1, words_and[i].len);
        if (dh_slice_starts_nocase(part, word)) return dh_slice_sub(part, word.len, part.len);
    }
    return part;
}

void dh_names_split(dh_slice text, bool item, dh_names *names, dh_arena *arena) {
    dh_names a = {NULL, 0, 0}, b = {NULL, 0, 0};
    text = without_affixes(text);
    if (text.len == 0 || text.len > DH_META_VALUE) return;
    *DH_PUSH(arena, a) = text;
    split_parts(&a, hard, COUNT(hard), false, &b, arena);
    split_parts(&b, soft, COUNT(soft), true, &a, arena);
    if (!item) split_parts(&a, words_and, COUNT(words_and), true, &b, arena);
    dh_names *parts = item ? &a : &b;
    for (uint32_t i = 0; i < parts->len; i++) {
        dh_slice name = without_affixes(i > 0 ? without_and(parts->ptr[i]) : parts->ptr[i]);
        bool extra = i > 0 && (dh_names_has_role(name) || is_in(name, degrees, COUNT(degrees)));
        if (!extra && is_name(name)) push(names, name, arena);
    }
}

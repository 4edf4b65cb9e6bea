# SPDX-License-Identifier: Apache-2.0
# A site of our own making, for the tests of site memory: 200 articles in four scripts, in words that no language has, so that
# no label knows its furniture; a paper built the way papers are. As JSON lines on stdout: id, url, html, added.
#   -v gold=FILE   "id TAB line" for each line of an article
#   -v husk=FILE   each line of furniture, digits as 0
#   -v plain=1     ordinary articles alone: no copies, no live blog
# What is in it: furniture before, in the midst of and behind the articles, some of it on a third of the pages only, some
# with numbers that change; a short line; an agency's credit; quotations that two or three articles share, background that
# six share, a refrain in a song; an article under 40 addresses, a live blog that was saved 50 times and one with 40 addresses.

function random(n) { seed = (seed * 16807) % 2147483647; return seed % n }

# A word of the language: en Latin, ar Arabic, zh Han (one sign), el Greek.
function word(lang,   k, w) {
    w = ""
    if (lang == "zh") return han[random(nhan)]
    for (k = 1 + random(3); k >= 0; k--)
        w = w (lang == "en" ? cons[random(ncons)] vow[random(nvow)] : lang == "ar" ? arab[random(narab)] arab[random(narab)] : greek[random(ngreek)] gvow[random(ngvow)])
    return w
}
function sentence(lang,   n, i, s) {
    n = lang == "zh" ? 18 + random(20) : 9 + random(12)
    s = ""
    for (i = 0; i < n; i++) {
        s = s (i > 0 && lang != "zh" ? " " : "") word(lang)
        if (i % 7 == 6 && i < n - 2) s = s (lang == "zh" ? "，" : lang == "ar" ? "،" : ",")
    }
    if (lang == "en") s = toupper(substr(s, 1, 1)) substr(s, 2)
    return s (lang == "zh" ? "。" : ".")
}
function paragraph(lang,   n, s) {
    for (n = 2 + random(3); n > 0; n--) s = s (s == "" || lang == "zh" ? "" : " ") sentence(lang)
    return s
}
function escape(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); gsub(/\n/, "\\n", s); return s }
function article_line(s) { said[nsaid++] = s; return s }
function furniture(s,   masked) {
    masked = s
    gsub(/[0-9]+/, "0", masked)
    if (husk != "" && !(masked in known)) print masked > husk
    known[masked] = 1
    return s
}
function put(url, html,   i) {
    for (i = 0; i < nsaid && gold != ""; i++) print id "\t" said[i] > gold
    printf "{\"id\": \"%s\", \"url\": \"%s\", \"added\": \"2024-%02d-%02d\", \"html\": \"%s\"}\n", id, url, 1 + made % 12, 1 + made % 28, escape(html)
    made++
}

# The page around an article's body.
function page(lang, title, body,   h) {
    h = "<!DOCTYPE html><html lang=\"" lang "\"" (lang == "ar" ? " dir=\"rtl\"" : "") "><head><meta charset=\"utf-8\"><title>" title "</title></head><body>\n"
    h = h "<div class=\"plim\"><p class=\"morl\">" furniture(masthead) "</p></div>\n<div class=\"main\"><h1>" title "</h1>\n"
    h = h "<div class=\"story-text\">\n<p>" furniture(lead[lang]) "</p>\n" body "</div>\n"
    h = h "<div class=\"vrantle\"><h3>" furniture(box[lang]) "</h3><p>" furniture(offer[lang]) "</p></div>\n"
    h = h "<p class=\"wibble\">" furniture((1000 + random(9000)) " snorfels have wibbled at this fandry since " (2 + random(9)) " mornels.") "</p>\n"
    return h "</div>\n<div class=\"grent\"><p>" furniture(slogan[made % 3]) "</p></div></body></html>\n"
}
# Paragraphs with furniture in their midst; extra: paragraphs of the article that others have, too.
function body(lang, extra, credit,   i, n, b, p) {
    n = 4 + random(4)
    b = extra
    for (i = 0; i < n; i++) {
        b = b "<p>" article_line(paragraph(lang)) "</p>\n"
        if (i == 1) b = b "<div class=\"frobbin\"><p>" furniture(promo[lang]) "</p></div>\n"
        if (i == 2 && made % 2 == 0) b = b "<p>" furniture("Vlorp!") "</p>\n"
    }
    if (credit) b = b "<p>" furniture(agency) "</p>\n"
    return b
}
function shared(s) { return "<p>" article_line(s) "</p>\n" }

BEGIN {
    seed = 20240517
    ncons = split("b d f g k l m n p r s t v z br gl pr st tr", t, " "); for (i = 1; i <= ncons; i++) cons[i - 1] = t[i]
    nvow = split("a e i o u ai ou", t, " "); for (i = 1; i <= nvow; i++) vow[i - 1] = t[i]
    narab = split("ب ت ج ح خ د ر ز س ش ص ض ط ع غ ف ق ك ل م ن ه و ي ا", t, " "); for (i = 1; i <= narab; i++) arab[i - 1] = t[i]
    ngreek = split("β γ δ ζ θ κ λ μ ν ξ π ρ σ τ φ χ ψ", t, " "); for (i = 1; i <= ngreek; i++) greek[i - 1] = t[i]
    ngvow = split("α ε η ι ο υ ω", t, " "); for (i = 1; i <= ngvow; i++) gvow[i - 1] = t[i]
    nhan = split("山 川 田 海 船 港 灯 石 木 林 森 雨 雪 雲 風 火 水 土 金 日 月 星 花 草 鳥 魚 馬 牛 羊 犬 門 道 町 村 市 橋 家 窓 机 本 紙 筆 音 歌 声 色 形 力 心 手 足 目 耳 口 人 子 友 王 兵 弓 矢 刀 車 舟 糸 布 衣 米 麦 豆 茶 酒 味 香 朝 昼 夜 春 夏 秋 冬 東 西 南 北 前 後 左 右 上 下 中 外 内 古 新 長 短 高 低 大 小 多 少 明 暗", t, " "); for (i = 1; i <= nhan; i++) han[i - 1] = t[i]

    masthead = "Quindle Storv, the fandry of the brale and the morn"
    agency = "(Zentral-Agentur Morlu, trasko brandil)"
    lead["en"] = "Grennic fandry: brotting since the year of the plume, always quindle and never vork."
    lead["ar"] = "زغرف بلنتوم قرضخ مشكوط، نبتر كل فندور قبل طلوع البرشم."
    lead["zh"] = "港灯石舟毎朝海鳥新風発行、山川田海道町村橋、花草雨雪。"
    lead["el"] = "Γκρένικο φάντρι: μπροτίγκα από το έτος του πλουμιού, πάντα κουίντλε."
    promo["en"] = "Glorb the brinto vessel today and fendle your quorty mails before the snarf."
    promo["ar"] = "غلبر سفينة البرنتو اليوم وافندل رسائلك الكورتية قبل السنرف."
    promo["zh"] = "今日港舟新灯花草、毎朝鳥声風音届、友人皆々茶酒味香。"
    promo["el"] = "Γκλόρμπαρε το μπρίντο σκάφος σήμερα και φέντλισε τα κουόρτι γράμματα."
    box["en"] = "Trosk your brale"; box["ar"] = "ترسك برالك الآن"; box["zh"] = "灯台友会"; box["el"] = "Τρόσκαρε το μπράλε"
    offer["en"] = "For three plinks a mornel the whole storv is yours, with the pranse and the fandry of the week."
    offer["ar"] = "بثلاث بلنكات في المرنل يكون الستورف كله لك مع برنس الأسبوع وفندره."
    offer["zh"] = "三銭一月全紙面自由、週末花鳥特集付、友会員限定春茶進呈。"
    offer["el"] = "Με τρία πλινκ τον μόρνελ όλο το στορβ είναι δικό σου, με το πράνσε της εβδομάδας."
    slogan[0] = "Brindle fast, brindle often: the storv of the seven quays."
    slogan[1] = "Who vorks in the morn has quindle in the brale."
    slogan[2] = "The Storv is drucked in the old mill at the Plume Gate."

    for (i = 0; i < 8; i++) quote[i] = "“" sentence("en") " " sentence("en") "”"
    for (i = 0; i < 4; i++) aquote[i] = "«" sentence("ar") " " sentence("ar") "»"
    background = sentence("en") " " sentence("en")
    for (i = 0; i < 200; i++) {
        lang = i % 5 == 3 ? "ar" : i % 5 == 4 ? "zh" : i % 5 == 2 ? "el" : "en"
        id = sprintf("a%03d", i)
        nsaid = 0
        extra = ""
        if (lang == "en" && i < 40) extra = extra shared(quote[int(i / 5)]) # two or three of ten have each
        if (lang == "ar" && i < 60) extra = extra shared(aquote[int(i / 15)])
        if (i % 33 == 0) extra = extra shared(background)
        if (i == 50) for (k = 0; k < 5; k++) extra = extra shared("O the brale and the quay, O the quay and the brale!") shared(sentence("en"))
        title = sentence(lang)
        sub(/[.]$|。$/, "", title)
        b = body(lang, extra, i % 3 == 0)
        put("https://www.storv.example/" lang "/" i, page(lang, title, b))
    }
    if (plain) exit
    nsaid = 0
    title = sentence("en")
    b = body("en", "", 0)
    for (k = 0; k < 40; k++) { id = "copy" k; put("https://storv.example/copy/" k, page("en", title, b)) }
    nsaid = 0
    title = sentence("en")
    b = ""
    for (k = 0; k < 50; k++) {
        id = "live" k
        b = shared(paragraph("en")) b
        put("https://storv.example/live#save" k, page("en", title, b))
    }
    nsaid = 0
    title = sentence("ar")
    b = ""
    for (k = 0; k < 40; k++) {
        id = "entry" k
        b = shared(paragraph("ar")) b
        put("https://storv.example/entry/" k, page("ar", title, b))
    }
}

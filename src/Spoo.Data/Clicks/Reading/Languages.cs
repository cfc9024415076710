using System.Collections.Frozen;
using System.Globalization;

namespace Spoo.Data.Clicks.Reading;

/// <summary>The language a visitor reads, from <c>Accept-Language</c>: the one asked for most, without its region. <c>en-US,en;q=0.8</c> is <c>en</c>.</summary>
public static class Languages
{
    // Browsers send one to five languages; people who collect them, twenty.
    private const int LongestRead = 512;

    private static readonly FrozenDictionary<string, string> Names = """
        aa Afar; ab Abkhazian; ae Avestan; af Afrikaans; ak Akan; am Amharic; an Aragonese; ar Arabic; as Assamese; av Avaric;
        ay Aymara; az Azerbaijani; ba Bashkir; be Belarusian; bg Bulgarian; bi Bislama; bm Bambara; bn Bangla;
        bo Tibetan; br Breton; bs Bosnian; ca Catalan; ce Chechen; ch Chamorro; co Corsican; cr Cree; cs Czech; cu Church Slavic;
        cv Chuvash; cy Welsh; da Danish; de German; dv Divehi; dz Dzongkha; ee Ewe; el Greek; en English; eo Esperanto;
        es Spanish; et Estonian; eu Basque; fa Persian; ff Fula; fi Finnish; fj Fijian; fo Faroese; fr French;
        fy Western Frisian; ga Irish; gd Scottish Gaelic; gl Galician; gn Guarani; gu Gujarati; gv Manx; ha Hausa; he Hebrew;
        hi Hindi; ho Hiri Motu; hr Croatian; ht Haitian Creole; hu Hungarian; hy Armenian; hz Herero; ia Interlingua;
        id Indonesian; ie Interlingue; ig Igbo; ii Sichuan Yi; ik Inupiaq; io Ido; is Icelandic; it Italian; iu Inuktitut;
        ja Japanese; jv Javanese; ka Georgian; kg Kongo; ki Kikuyu; kj Kuanyama; kk Kazakh; kl Kalaallisut; km Khmer; kn Kannada;
        ko Korean; kr Kanuri; ks Kashmiri; ku Kurdish; kv Komi; kw Cornish; ky Kyrgyz; la Latin; lb Luxembourgish; lg Ganda;
        li Limburgish; ln Lingala; lo Lao; lt Lithuanian; lu Luba-Katanga; lv Latvian; mg Malagasy; mh Marshallese; mi Māori;
        mk Macedonian; ml Malayalam; mn Mongolian; mr Marathi; ms Malay; mt Maltese; my Burmese; na Nauru; nb Norwegian Bokmål;
        nd North Ndebele; ne Nepali; ng Ndonga; nl Dutch; nn Norwegian Nynorsk; no Norwegian; nr South Ndebele; nv Navajo;
        ny Nyanja; oc Occitan; oj Ojibwa; om Oromo; or Odia; os Ossetic; pa Punjabi; pi Pali; pl Polish; ps Pashto;
        pt Portuguese; qu Quechua; rm Romansh; rn Rundi; ro Romanian; ru Russian; rw Kinyarwanda; sa Sanskrit; sc Sardinian;
        sd Sindhi; se Northern Sami; sg Sango; si Sinhala; sk Slovak; sl Slovenian; sm Samoan; sn Shona; so Somali; sq Albanian;
        sr Serbian; ss Swati; st Southern Sotho; su Sundanese; sv Swedish; sw Swahili; ta Tamil; te Telugu; tg Tajik; th Thai;
        ti Tigrinya; tk Turkmen; tl Tagalog; tn Tswana; to Tongan; tr Turkish; ts Tsonga; tt Tatar; tw Twi; ty Tahitian;
        ug Uyghur; uk Ukrainian; ur Urdu; uz Uzbek; ve Venda; vi Vietnamese; vo Volapük; wa Walloon; wo Wolof; xh Xhosa;
        yi Yiddish; yo Yoruba; za Zhuang; zh Chinese; zu Zulu; ast Asturian; bem Bemba; bho Bhojpuri; brx Bodo; ceb Cebuano;
        chr Cherokee; ckb Central Kurdish; cnr Montenegrin; dsb Lower Sorbian; fil Filipino; fur Friulian; gsw Swiss German;
        haw Hawaiian; hmn Hmong; hsb Upper Sorbian; kab Kabyle; kok Konkani; lij Ligurian; mai Maithili; mni Manipuri;
        nds Low German; nso Northern Sotho; pap Papiamento; prs Dari; rup Aromanian; sat Santali; scn Sicilian;
        smn Inari Sami; sms Skolt Sami; sah Yakut; smj Lule Sami; sma Southern Sami; syr Syriac; szl Silesian; tet Tetum;
        tzm Central Atlas Tamazight; vec Venetian; yue Cantonese; zgh Standard Moroccan Tamazight
        """
        .Split([';', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .ToFrozenDictionary(entry => entry[..entry.IndexOf(' ')], entry => entry[(entry.IndexOf(' ') + 1)..], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Codes = Names.Keys.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The codes of all languages that a click can have.</summary>
    public static IReadOnlyCollection<string> All => Names.Keys;

    private static readonly FrozenDictionary<string, string> CodesByName = Names
        .ToFrozenDictionary(entry => entry.Value, entry => entry.Key, StringComparer.OrdinalIgnoreCase);

    // Codes that were given up in 1989, and that some machines have not heard about.
    private static readonly FrozenDictionary<string, string> Successors = new Dictionary<string, string>
    {
        ["iw"] = "he",
        ["in"] = "id",
        ["ji"] = "yi",
        ["mo"] = "ro",
        ["sh"] = "sr",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The language's ISO 639 code; null where the header names none that there is.</summary>
    public static string? Read(string? acceptLanguage)
    {
        var header = acceptLanguage.AsSpan();
        header = header[..Math.Min(header.Length, LongestRead)];

        // The first of the most wanted: equals are in order of preference.
        var (best, bestWeight) = (default(string), 0.0);
        foreach (var range in header.Split(','))
        {
            var item = header[range];
            var end = item.IndexOf(';');
            var tag = end < 0 ? item : item[..end];
            var weight = end < 0 ? 1.0 : Weight(item[(end + 1)..]);
            if (weight > bestWeight && Code(tag.Trim()) is { } code)
            {
                (best, bestWeight) = (code, weight);
            }
        }

        return best;
    }

    /// <summary>The English name of a stored code; a code we do not know is its own name.</summary>
    public static string NameOf(string code) => Names.GetValueOrDefault(code, code);

    /// <summary>The code of a language given by code, tag or English name, as filters do; null if there is none.</summary>
    public static string? Find(string? codeOrName)
    {
        var text = codeOrName.AsSpan().Trim();
        return CodesByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var code) ? code : Code(text);
    }

    // "zh-Hant-TW" is zh; "zh_TW", which is no tag but is sent, too.
    private static string? Code(ReadOnlySpan<char> tag)
    {
        var end = tag.IndexOfAny('-', '_');
        var primary = end < 0 ? tag : tag[..end];
        return Successors.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(primary, out var successor) ? successor
            : Codes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(primary, out var code) ? code
            : null;
    }

    private static double Weight(ReadOnlySpan<char> parameter)
    {
        parameter = parameter.Trim();
        return parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight)
            ? Math.Min(weight, 1)
            : 1;
    }
}

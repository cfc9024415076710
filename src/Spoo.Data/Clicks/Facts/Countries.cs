using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Spoo.Data.Clicks.Facts;

/// <param name="Code">ISO 3166-1 alpha-2: what is stored, and what rows carry.</param>
/// <param name="Name">The short English name in everyday use.</param>
/// <param name="Continent">The continent that the usual address databases put it on.</param>
public sealed record Country(string Code, string Name, Continent Continent);

public enum Continent
{
    Africa,
    Antarctica,
    Asia,
    Europe,
    NorthAmerica,
    Oceania,
    SouthAmerica,
}

/// <summary>The countries and territories of ISO 3166-1, and Kosovo, by code and by the names people and programs give them.</summary>
/// <remarks>Names are found whatever their case, accents and punctuation: "TÜRKIYE", "cote d'ivoire", "Bosnia &amp; Herzegovina".</remarks>
public static class Countries
{
    /// <summary>What Cloudflare says of visitors who come through Tor: where they are is not known.</summary>
    public const string Tor = "T1";

    private const string TorName = "Tor";
    private const int LongestName = 80;

    // Per continent: code, name, and after it the other names that data sets in circulation use.
    private static readonly (Continent Continent, string Countries)[] Table =
    [
        (Continent.Africa, """
            AO Angola
            BF Burkina Faso
            BI Burundi
            BJ Benin
            BW Botswana
            CD DR Congo; Congo, The Democratic Republic of the; Democratic Republic of the Congo; Congo-Kinshasa; Congo (DRC); Congo, Democratic Republic; Zaire
            CF Central African Republic
            CG Congo Republic; Congo; Republic of the Congo; Congo-Brazzaville; Congo, Republic of the
            CI Ivory Coast; Côte d'Ivoire
            CM Cameroon
            CV Cape Verde; Cabo Verde
            DJ Djibouti
            DZ Algeria
            EG Egypt
            EH Western Sahara
            ER Eritrea
            ET Ethiopia
            GA Gabon
            GH Ghana
            GM Gambia
            GN Guinea
            GQ Equatorial Guinea
            GW Guinea-Bissau
            KE Kenya
            KM Comoros
            LR Liberia
            LS Lesotho
            LY Libya; Libyan Arab Jamahiriya
            MA Morocco
            MG Madagascar
            ML Mali
            MR Mauritania
            MU Mauritius
            MW Malawi
            MZ Mozambique
            NA Namibia
            NE Niger
            NG Nigeria
            RE Réunion
            RW Rwanda
            SC Seychelles
            SD Sudan
            SH Saint Helena; Saint Helena, Ascension and Tristan da Cunha
            SL Sierra Leone
            SN Senegal
            SO Somalia
            SS South Sudan
            ST São Tomé and Príncipe
            SZ Eswatini; Swaziland
            TD Chad
            TG Togo
            TN Tunisia
            TZ Tanzania; Tanzania, United Republic of; United Republic of Tanzania
            UG Uganda
            YT Mayotte
            ZA South Africa
            ZM Zambia
            ZW Zimbabwe
            """),
        (Continent.Antarctica, """
            AQ Antarctica
            BV Bouvet Island
            GS South Georgia and the South Sandwich Islands; South Georgia
            HM Heard Island and McDonald Islands; Heard and McDonald Islands
            TF French Southern Territories; French Southern and Antarctic Lands
            """),
        (Continent.Asia, """
            AE United Arab Emirates; UAE
            AF Afghanistan
            AM Armenia
            AZ Azerbaijan
            BD Bangladesh
            BH Bahrain
            BN Brunei; Brunei Darussalam
            BT Bhutan
            CC Cocos (Keeling) Islands; Cocos Islands
            CN China; People's Republic of China; Mainland China
            CX Christmas Island
            GE Georgia
            HK Hong Kong; Hong Kong SAR; Hong Kong SAR China
            ID Indonesia
            IL Israel
            IN India
            IO British Indian Ocean Territory
            IQ Iraq
            IR Iran; Iran, Islamic Republic of; Islamic Republic of Iran
            JO Jordan; Hashemite Kingdom of Jordan
            JP Japan
            KG Kyrgyzstan
            KH Cambodia
            KP North Korea; Korea, Democratic People's Republic of; Democratic People's Republic of Korea
            KR South Korea; Korea, Republic of; Republic of Korea; Korea
            KW Kuwait
            KZ Kazakhstan
            LA Laos; Lao People's Democratic Republic; Lao PDR
            LB Lebanon
            LK Sri Lanka
            MM Myanmar; Burma; Myanmar (Burma)
            MN Mongolia
            MO Macao; Macau; Macao SAR; Macao SAR China
            MV Maldives
            MY Malaysia
            NP Nepal
            OM Oman
            PH Philippines
            PK Pakistan
            PS Palestine; Palestine, State of; State of Palestine; Palestinian Territory; Palestinian Territories; Palestinian Territory, Occupied
            QA Qatar
            SA Saudi Arabia
            SG Singapore
            SY Syria; Syrian Arab Republic
            TH Thailand
            TJ Tajikistan
            TL Timor-Leste; East Timor
            TM Turkmenistan
            TR Türkiye; Turkey; Republic of Türkiye; Republic of Turkey
            TW Taiwan; Taiwan, Province of China
            UZ Uzbekistan
            VN Vietnam; Viet Nam
            YE Yemen
            """),
        (Continent.Europe, """
            AD Andorra
            AL Albania
            AT Austria
            AX Åland Islands; Åland
            BA Bosnia and Herzegovina; Bosnia
            BE Belgium
            BG Bulgaria
            BY Belarus
            CH Switzerland
            CY Cyprus
            CZ Czechia; Czech Republic
            DE Germany
            DK Denmark
            EE Estonia
            ES Spain
            FI Finland
            FO Faroe Islands
            FR France
            GB United Kingdom; UK; Great Britain; United Kingdom of Great Britain and Northern Ireland; Britain
            GG Guernsey
            GI Gibraltar
            GR Greece; EL; Hellas
            HR Croatia
            HU Hungary
            IE Ireland; Republic of Ireland
            IM Isle of Man
            IS Iceland
            IT Italy
            JE Jersey
            LI Liechtenstein
            LT Lithuania; Republic of Lithuania
            LU Luxembourg
            LV Latvia
            MC Monaco
            MD Moldova; Moldova, Republic of; Republic of Moldova
            ME Montenegro
            MK North Macedonia; Macedonia; Macedonia, the former Yugoslav Republic of; Republic of North Macedonia
            MT Malta
            NL Netherlands; The Netherlands; Netherlands, Kingdom of the; Holland
            NO Norway
            PL Poland
            PT Portugal
            RO Romania
            RS Serbia; Republic of Serbia
            RU Russia; Russian Federation
            SE Sweden
            SI Slovenia
            SJ Svalbard and Jan Mayen
            SK Slovakia; Slovak Republic
            SM San Marino
            UA Ukraine
            VA Vatican City; Holy See; Holy See (Vatican City State); Vatican
            XK Kosovo; Republic of Kosovo
            """),
        (Continent.NorthAmerica, """
            AG Antigua and Barbuda
            AI Anguilla
            AW Aruba
            BB Barbados
            BL Saint Barthélemy
            BM Bermuda
            BQ Bonaire, Sint Eustatius and Saba; Caribbean Netherlands; Bonaire, Sint Eustatius, and Saba
            BS Bahamas
            BZ Belize
            CA Canada
            CR Costa Rica
            CU Cuba
            CW Curaçao
            DM Dominica
            DO Dominican Republic
            GD Grenada
            GL Greenland
            GP Guadeloupe
            GT Guatemala
            HN Honduras
            HT Haiti
            JM Jamaica
            KN Saint Kitts and Nevis
            KY Cayman Islands
            LC Saint Lucia
            MF Saint Martin; Saint Martin (French part)
            MQ Martinique
            MS Montserrat
            MX Mexico
            NI Nicaragua
            PA Panama
            PM Saint Pierre and Miquelon
            PR Puerto Rico
            SV El Salvador
            SX Sint Maarten; Sint Maarten (Dutch part)
            TC Turks and Caicos Islands
            TT Trinidad and Tobago
            US United States; USA; United States of America; America
            VC Saint Vincent and the Grenadines
            VG British Virgin Islands; Virgin Islands, British; Virgin Islands (British)
            VI U.S. Virgin Islands; Virgin Islands, U.S.; Virgin Islands (U.S.); United States Virgin Islands
            """),
        (Continent.Oceania, """
            AS American Samoa
            AU Australia
            CK Cook Islands
            FJ Fiji
            FM Micronesia; Micronesia, Federated States of; Federated States of Micronesia
            GU Guam
            KI Kiribati
            MH Marshall Islands
            MP Northern Mariana Islands
            NC New Caledonia
            NF Norfolk Island
            NR Nauru
            NU Niue
            NZ New Zealand
            PF French Polynesia
            PG Papua New Guinea
            PN Pitcairn Islands; Pitcairn
            PW Palau
            SB Solomon Islands
            TK Tokelau
            TO Tonga
            TV Tuvalu
            UM U.S. Outlying Islands; United States Minor Outlying Islands; U.S. Minor Outlying Islands
            VU Vanuatu
            WF Wallis and Futuna
            WS Samoa
            """),
        (Continent.SouthAmerica, """
            AR Argentina
            BO Bolivia; Bolivia, Plurinational State of; Plurinational State of Bolivia
            BR Brazil
            CL Chile
            CO Colombia
            EC Ecuador
            FK Falkland Islands; Falkland Islands (Malvinas); Falkland Islands (Islas Malvinas)
            GF French Guiana
            GY Guyana
            PE Peru
            PY Paraguay
            SR Suriname
            UY Uruguay
            VE Venezuela; Venezuela, Bolivarian Republic of; Bolivarian Republic of Venezuela
            """),
    ];

    private static readonly FrozenDictionary<string, Country> ByCode;
    private static readonly FrozenDictionary<string, Country> ByName;

    static Countries()
    {
        var byName = new Dictionary<string, Country>(StringComparer.Ordinal);
        var all = new List<Country>();
        foreach (var (continent, countries) in Table)
        {
            foreach (var line in countries.Split('\n'))
            {
                var names = line[3..].Split(';', StringSplitOptions.TrimEntries);
                var country = new Country(line[..2], names[0], continent);
                all.Add(country);
                foreach (var name in names)
                {
                    // Two spellings of one name are one; one name for two countries is a mistake in the table.
                    if (!byName.TryAdd(Bare(name), country) && byName[Bare(name)] != country)
                    {
                        throw new InvalidOperationException($"'{name}' names two countries.");
                    }
                }
            }
        }

        All = [.. all.OrderBy(country => country.Code, StringComparer.Ordinal)];
        ByCode = all.ToFrozenDictionary(country => country.Code, StringComparer.OrdinalIgnoreCase);
        ByName = byName.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>All of them, by code.</summary>
    public static IReadOnlyList<Country> All { get; }

    /// <summary>By code or by any of its names. "XX" and whatever else stands for "not known" is not a country.</summary>
    public static bool TryFind(string? codeOrName, [NotNullWhen(true)] out Country? country)
    {
        country = null;
        var text = codeOrName.AsSpan().Trim();
        return text.Length switch
        {
            0 or > LongestName => false,
            2 when ByCode.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out country) => true,
            _ => ByName.TryGetValue(Bare(text), out country),
        };
    }

    public static Country? Find(string? codeOrName) => TryFind(codeOrName, out var country) ? country : null;

    /// <summary>What is stored for a country, or for <see cref="Tor"/>, by code or name. Null: it is neither.</summary>
    public static string? CodeOf(string? codeOrName) =>
        TryFind(codeOrName, out var country) ? country.Code
        : codeOrName?.Trim() is { } text && (text.Equals(Tor, StringComparison.OrdinalIgnoreCase) || text.Equals(TorName, StringComparison.OrdinalIgnoreCase)) ? Tor
        : null;

    /// <summary>The English name of a stored code; a code we do not know is its own name.</summary>
    public static string NameOf(string code) => ByCode.TryGetValue(code, out var country) ? country.Name : code == Tor ? TorName : code;

    // Letters only, without case, accents, articles and "and", so that every way to write a name is the same name.
    private static string Bare(ReadOnlySpan<char> name)
    {
        var bare = new StringBuilder(name.Length);
        foreach (var range in name.SplitAny(" ,.;:-&()/"))
        {
            var start = bare.Length;
            foreach (var c in name[range])
            {
                if (char.IsLetter(c))
                {
                    bare.Append(Plain(char.ToLowerInvariant(c)));
                }
            }

            switch (bare.ToString(start, bare.Length - start))
            {
                case "the" or "and" or "of":
                    bare.Length = start;
                    break;
                case "st":
                    bare.Length = start;
                    bare.Append("saint");
                    break;
            }
        }

        return bare.ToString();
    }

    private static char Plain(char letter) => letter switch
    {
        'å' or 'ã' or 'á' => 'a',
        'ç' => 'c',
        'é' => 'e',
        'í' or 'ı' => 'i',
        'ô' or 'õ' or 'ó' => 'o',
        'ü' => 'u',
        _ => letter,
    };
}

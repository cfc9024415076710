namespace Spoo.Data.Demo;

/// <param name="Hours">Ahead of UTC, without summer time: the rhythm of a day needs no more.</param>
internal sealed record DemoCountry(string Code, double Weight, int Hours, string Language, IReadOnlyList<(string Region, string City)> Cities);

/// <param name="Share">How many of its visitors come that way.</param>
internal sealed record DemoReferrer(double Share, string? Url);

/// <summary>One of the demo's links.</summary>
/// <param name="Day">On which day of the two years it is made.</param>
/// <param name="Weight">Its share of an ordinary day.</param>
/// <param name="Qr">How many of its visitors scan a code.</param>
internal sealed record DemoLink(
    string Code, string Path, int Day, double Weight, IReadOnlyList<DemoReferrer> Referrers, IReadOnlyList<string> Tags, double Qr = 0)
{
    public string LongUrl => "https://example.com" + Path;

    /// <summary>Source, medium and campaign. Null: its visitors carry none.</summary>
    public (string Source, string Medium, string Campaign)? Utm { get; init; }

    /// <summary>What happens to it: from this day on, for so many days, so many times as many clicks on the first day, and then ever fewer.</summary>
    public IReadOnlyList<(int Day, int Days, double Times)> Events { get; init; } = [];
}

/// <summary>Who clicks in the demo, where from and with what. The names are real, the people and their clicks are not.</summary>
internal static class DemoWorld
{
    public const int Days = 730;

    /// <summary>The tag that tells these links apart from those that people made.</summary>
    public const string Tag = "generated";

    public static IReadOnlyList<DemoCountry> Countries { get; } =
    [
        new("US", 26, -6, "en-US", [("New York", "New York"), ("California", "San Francisco"), ("California", "Los Angeles"), ("Texas", "Austin"), ("Illinois", "Chicago"), ("Washington", "Seattle"), ("Massachusetts", "Boston")]),
        new("DE", 14, 1, "de-DE", [("Berlin", "Berlin"), ("Hamburg", "Hamburg"), ("Bavaria", "Munich"), ("North Rhine-Westphalia", "Cologne"), ("Hesse", "Frankfurt am Main"), ("Saxony", "Leipzig")]),
        new("GB", 8, 0, "en-GB", [("England", "London"), ("England", "Manchester"), ("Scotland", "Edinburgh"), ("England", "Bristol")]),
        new("IN", 7, 5, "en-IN", [("Karnataka", "Bengaluru"), ("Maharashtra", "Mumbai"), ("Delhi", "New Delhi"), ("Telangana", "Hyderabad")]),
        new("FR", 5, 1, "fr-FR", [("Île-de-France", "Paris"), ("Auvergne-Rhône-Alpes", "Lyon"), ("Occitanie", "Toulouse")]),
        new("BR", 5, -3, "pt-BR", [("São Paulo", "São Paulo"), ("Rio de Janeiro", "Rio de Janeiro"), ("Minas Gerais", "Belo Horizonte")]),
        new("NL", 4, 1, "nl-NL", [("North Holland", "Amsterdam"), ("South Holland", "Rotterdam"), ("Utrecht", "Utrecht")]),
        new("CA", 4, -5, "en-CA", [("Ontario", "Toronto"), ("Quebec", "Montreal"), ("British Columbia", "Vancouver")]),
        new("ES", 3.4, 1, "es-ES", [("Madrid", "Madrid"), ("Catalonia", "Barcelona"), ("Valencia", "Valencia")]),
        new("PL", 3, 1, "pl-PL", [("Mazovia", "Warsaw"), ("Lesser Poland", "Kraków")]),
        new("AU", 3, 10, "en-AU", [("New South Wales", "Sydney"), ("Victoria", "Melbourne")]),
        new("JP", 2.8, 9, "ja-JP", [("Tokyo", "Tokyo"), ("Osaka", "Osaka")]),
        new("IT", 2.4, 1, "it-IT", [("Lombardy", "Milan"), ("Lazio", "Rome")]),
        new("SE", 1.8, 1, "sv-SE", [("Stockholm", "Stockholm"), ("Västra Götaland", "Gothenburg")]),
        new("CH", 1.6, 1, "de-CH", [("Zurich", "Zurich"), ("Geneva", "Geneva")]),
        new("AT", 1.5, 1, "de-AT", [("Vienna", "Vienna"), ("Styria", "Graz")]),
        new("MX", 1.5, -6, "es-MX", [("Mexico City", "Mexico City"), ("Jalisco", "Guadalajara")]),
        new("ID", 1.3, 7, "id-ID", [("Jakarta", "Jakarta"), ("East Java", "Surabaya")]),
        new("KR", 1.2, 9, "ko-KR", [("Seoul", "Seoul"), ("Busan", "Busan")]),
        new("TR", 1.1, 3, "tr-TR", [("Istanbul", "Istanbul"), ("Ankara", "Ankara")]),
        new("UA", 1, 2, "uk-UA", [("Kyiv City", "Kyiv"), ("Lviv Oblast", "Lviv")]),
        new("DK", 0.9, 1, "da-DK", [("Capital Region", "Copenhagen"), ("Central Jutland", "Aarhus")]),
        new("NO", 0.8, 1, "nb-NO", [("Oslo", "Oslo"), ("Vestland", "Bergen")]),
        new("PT", 0.8, 0, "pt-PT", [("Lisbon", "Lisbon"), ("Porto", "Porto")]),
        new("ZA", 0.7, 2, "en-ZA", [("Western Cape", "Cape Town"), ("Gauteng", "Johannesburg")]),
        new("NG", 0.6, 1, "en-NG", [("Lagos", "Lagos"), ("Abuja", "Abuja")]),
        new("AR", 0.6, -3, "es-AR", [("Buenos Aires", "Buenos Aires"), ("Córdoba", "Córdoba")]),
        new("SG", 0.6, 8, "en-SG", [("Singapore", "Singapore")]),
        new("KE", 0.4, 3, "en-KE", [("Nairobi", "Nairobi")]),
        new("VN", 0.4, 7, "vi-VN", [("Ho Chi Minh City", "Ho Chi Minh City"), ("Hanoi", "Hanoi")]),
        new("CZ", 0.4, 1, "cs-CZ", [("Prague", "Prague"), ("South Moravia", "Brno")]),
        new("FI", 0.4, 2, "fi-FI", [("Uusimaa", "Helsinki")]),
        new("IE", 0.4, 0, "en-IE", [("Leinster", "Dublin")]),
        new("NZ", 0.3, 12, "en-NZ", [("Auckland", "Auckland"), ("Wellington", "Wellington")]),
        new("EG", 0.3, 2, "ar-EG", [("Cairo", "Cairo")]),
        new("CL", 0.3, -4, "es-CL", [("Santiago Metropolitan", "Santiago")]),
    ];

    public static IReadOnlyList<(double Weight, string UserAgent)> Browsers { get; } =
    [
        (24, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"),
        (9, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"),
        (4, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"),
        (14, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"),
        (18, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"),
        (6, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15"),
        (2.5, "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1"),
        (6, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"),
        (3, "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"),
        (1.5, "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"),
        (6, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0"),
        (1.2, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36 OPR/114.0.0.0"),
        (2.2, "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36"),
        (0.8, "Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"),
        (1.2, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1"),
        (0.6, "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"),
    ];

    public static IReadOnlyList<(double Weight, string UserAgent)> Bots { get; } =
    [
        (30, "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
        (14, "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"),
        (12, "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"),
        (11, "Twitterbot/1.0"),
        (9, "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"),
        (8, "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)"),
        (6, "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)"),
        (5, "TelegramBot (like TwitterBot)"),
        (5, "curl/8.5.0"),
    ];

    private static readonly DemoReferrer[] Mail = [new(8, null), new(1, "https://mail.google.com/"), new(0.6, "android-app://com.google.android.gm/")];
    private static readonly DemoReferrer[] Search = [new(4, null), new(7, "https://www.google.com/"), new(1.4, "https://www.bing.com/"), new(1.2, "https://duckduckgo.com/"), new(0.4, "https://www.ecosia.org/")];
    private static readonly DemoReferrer[] Social =
    [
        new(3, null), new(3, "https://t.co/k3Jd9"), new(2.6, "https://www.linkedin.com/feed/"), new(1.8, "https://l.facebook.com/l.php"),
        new(1.6, "https://l.instagram.com/"), new(1.2, "https://www.reddit.com/r/selfhosted/"), new(0.8, "android-app://com.linkedin.android/"), new(0.6, "https://mastodon.social/"),
    ];
    private static readonly DemoReferrer[] Viral =
    [
        new(3, null), new(9, "https://news.ycombinator.com/"), new(4, "https://www.reddit.com/r/programming/"), new(3, "https://t.co/k3Jd9"), new(1, "https://lobste.rs/"), new(1, "https://www.google.com/"),
    ];
    private static readonly DemoReferrer[] Video = [new(3, null), new(7, "https://www.youtube.com/watch?v=demo"), new(1, "https://www.google.com/")];
    private static readonly DemoReferrer[] Code = [new(3, null), new(6, "https://github.com/example/spoo"), new(2, "https://stackoverflow.com/"), new(1, "https://www.google.com/")];
    private static readonly DemoReferrer[] Paper = [new(1, null)];

    public static IReadOnlyList<DemoLink> Links { get; } =
    [
        new("demo-home", "/", 0, 13, Search, ["site"]),
        new("demo-docs", "/docs/getting-started", 0, 11, Code, ["docs"]),
        new("demo-blog", "/blog", 5, 8, Social, ["blog"]),
        new("demo-pricing", "/pricing", 12, 7, Search, ["site"]),
        new("demo-github", "/source", 20, 6, Code, ["docs"]),
        new("demo-news", "/newsletter/subscribe", 30, 5, Mail, ["mail"]) { Utm = ("newsletter", "email", "weekly") },
        new("demo-story", "/blog/how-we-count-ten-million-clicks", 540, 5, Viral, ["blog"]) { Events = [(556, 4, 170)] },
        new("demo-spring", "/campaigns/spring", 75, 1.2, Social, ["campaign"]) { Utm = ("instagram", "paid-social", "spring-sale"), Events = [(78, 24, 13)] },
        new("demo-summer", "/campaigns/summer", 165, 1.2, Social, ["campaign"]) { Utm = ("facebook", "paid-social", "summer-festival"), Events = [(168, 30, 11)] },
        new("demo-friday", "/campaigns/black-friday", 285, 1.4, Mail, ["campaign", "mail"]) { Utm = ("newsletter", "email", "black-friday"), Events = [(290, 6, 44), (655, 6, 52)] },
        new("demo-launch", "/launch", 400, 2, Social, ["campaign"]) { Utm = ("linkedin", "social", "launch-2"), Events = [(404, 18, 24)] },
        new("demo-poster", "/poster", 210, 1.6, Paper, ["print"], Qr: 0.96) { Utm = ("poster", "print", "city-posters"), Events = [(214, 40, 8)] },
        new("demo-card", "/team/card", 60, 1.4, Paper, ["print"], Qr: 0.82),
        new("demo-booth", "/fair", 448, 0.5, Paper, ["print", "event"], Qr: 0.9) { Utm = ("booth", "event", "trade-fair"), Events = [(452, 4, 70)] },
        new("demo-talk", "/talks/short-links", 330, 2, Video, ["event"]) { Events = [(333, 9, 12)] },
        new("demo-video", "/videos/tour", 250, 4, Video, ["site"]) { Utm = ("youtube", "video", "tour") },
        new("demo-jobs", "/jobs", 90, 3, Social, ["site"]),
        new("demo-api", "/docs/api", 140, 4.5, Code, ["docs"]),
        new("demo-webinar", "/webinar", 590, 1, Mail, ["event", "mail"]) { Utm = ("newsletter", "email", "webinar"), Events = [(596, 8, 22)] },
        new("demo-app", "/app", 370, 6, Social, ["site"]),
        new("demo-survey", "/survey", 620, 1, Mail, ["mail"]) { Utm = ("newsletter", "email", "survey"), Events = [(623, 10, 18)] },
        new("demo-status", "/status", 200, 1.5, Search, ["docs"]),
        new("demo-press", "/press", 500, 1.4, Search, ["site"]),
        new("demo-beta", "/beta", 690, 4, Social, ["campaign"]) { Utm = ("mastodon", "social", "beta"), Events = [(694, 14, 10)] },
    ];
}

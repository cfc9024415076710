using System.Text;

namespace Spoo.Tests.Api;

/// <summary>A <c>curl</c> command as a reader would type it: just enough of curl and of the shell for the examples of the documentation.</summary>
internal sealed class CurlCommand
{
    private readonly HttpMethod _method;
    private readonly string _address;
    private readonly List<(string Name, string Value)> _headers = [];
    private readonly string? _body;

    /// <param name="command">One command; lines that end with a backslash go on in the next.</param>
    /// <param name="variables">What the shell would put in the place of <c>$NAME</c>, outside of single quotes.</param>
    public CurlCommand(string command, IReadOnlyDictionary<string, string> variables)
    {
        var words = Words(command.Replace("\\\n", " ", StringComparison.Ordinal), variables);
        Assert.Equal("curl", words[0]);
        var data = new List<string>();
        var (method, address, inQuery) = ((string?)null, "", false);
        for (var i = 1; i < words.Count; i++)
        {
            switch (words[i])
            {
                case "-X":
                    method = words[++i];
                    break;
                case "-H":
                    var header = words[++i].Split(": ", 2);
                    _headers.Add((header[0], header[1]));
                    break;
                case "-d":
                    data.Add(words[++i]);
                    break;
                case "--data-urlencode":
                    var pair = words[++i].Split('=', 2);
                    data.Add($"{pair[0]}={Uri.EscapeDataString(pair[1])}");
                    break;
                case "-G":
                    inQuery = true;
                    break;
                default:
                    Assert.StartsWith("http://localhost:5080/", words[i], StringComparison.Ordinal);
                    address = words[i];
                    break;
            }
        }

        _address = inQuery ? $"{address}?{string.Join('&', data)}" : address;
        _body = inQuery || data.Count == 0 ? null : string.Join('&', data);
        _method = method is null ? HttpMethod.Get : HttpMethod.Parse(method);
    }

    public async Task<HttpResponseMessage> RunAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(_method, _address);
        request.Content = _body is null ? null : new StringContent(_body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in _headers.Where(header => header.Name != "Content-Type"))
        {
            request.Headers.Add(name, value);
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static List<string> Words(string line, IReadOnlyDictionary<string, string> variables)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, hasWord) = ('\0', false);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is '"' or '\'' && quote == '\0')
            {
                (quote, hasWord) = (c, true);
            }
            else if (c == '\\' && quote != '\'')
            {
                word.Append(line[++i]);
            }
            else if (c == '$' && quote != '\'')
            {
                var name = new string([.. line.Skip(i + 1).TakeWhile(char.IsAsciiLetter)]);
                word.Append(variables[name]);
                i += name.Length;
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                End();
            }
            else
            {
                word.Append(c);
                hasWord = true;
            }
        }

        End();
        return words;

        void End()
        {
            if (hasWord)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            hasWord = false;
        }
    }
}

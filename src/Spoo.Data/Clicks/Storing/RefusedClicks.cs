using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;

namespace Spoo.Data.Clicks.Storing;

/// <summary>A click that the database refused while it took others.</summary>
public sealed record RefusedClick
{
    public required int Writer { get; init; }

    public required long Sequence { get; init; }

    public required DateTimeOffset RefusedAt { get; init; }

    /// <summary>In the database's words.</summary>
    public required string Reason { get; init; }

    /// <summary>A visit that was turned away, of which only link and time are known.</summary>
    public bool IsBlocked { get; init; }

    /// <summary>As it stood in the journal. Who knows what is wrong with it may change it here.</summary>
    public required RawClick Click { get; init; }
}

/// <summary>
/// The folder of clicks that wait for the operator to find out why the database refuses them: one file for each, one line of JSON. A file
/// is named after the click's key, so that a click that is refused again after a crash is still there once.
/// </summary>
public sealed class RefusedClicks(string folder)
{
    private const string Extension = ".json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string Folder => folder;

    public int Count => Files().Count();

    /// <summary>In the order in which they were clicked, as far as one writer is concerned.</summary>
    public IEnumerable<string> Files() => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal) : [];

    /// <summary>Writes a click down, through to the disk itself: the journal will not have it any more.</summary>
    /// <returns>Whether it was not there before.</returns>
    /// <exception cref="IOException">It could not be written.</exception>
    public bool Keep(RefusedClick click)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{click.Writer}-{click.Sequence:D19}{Extension}"));
        var isNew = !File.Exists(path);
        using (var file = new FileStream(path + ".new", FileMode.Create))
        {
            JsonSerializer.Serialize(file, click, Json);
            file.WriteByte((byte)'\n');
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
        return isNew;
    }

    /// <exception cref="InvalidDataException">The file has been changed, and describes no click any more.</exception>
    public static RefusedClick Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RefusedClick>(File.ReadAllBytes(path), Json)
                ?? throw new InvalidDataException("the file is empty");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }
}

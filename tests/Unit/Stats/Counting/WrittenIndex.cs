using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Tests.Stats.Counting;

/// <summary>The bytes of an index in a file, which is there for as long as something reads it.</summary>
internal sealed class WrittenIndex : IDisposable
{
    private readonly FileStream _stream;

    public WrittenIndex(byte[] bytes)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.clicks");
        _stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        System.IO.File.Delete(path);
        _stream.Write(bytes);
        _stream.Flush();
        File = new ShardFile(_stream);
        Reader = new IndexReader(File.Open(new ShardSpan(0, bytes.Length, Section: 0)));
    }

    public ShardFile File { get; }

    public IndexReader Reader { get; }

    public void Dispose() => _stream.Dispose();
}

using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace RoomServer;

/// <summary>
/// One file of settings, as it was when it could last be read. .NET takes a file that was changed for the worse, or is gone for a moment
/// while it is saved, for an empty one: when something else changes next, all that stood in it would be taken back.
/// </summary>
/// <param name="file">Its full path.</param>
/// <param name="told">Is told of a change that can't be read.</param>
internal sealed class LastGoodFile(string file, Action<string>? told) : IFileProvider, IDisposable
{
    private readonly PhysicalFileProvider _folder = new(Path.GetDirectoryName(file)!);
    private byte[]? _good;

    /// <inheritdoc/>
    public IDirectoryContents GetDirectoryContents(string subpath) => _folder.GetDirectoryContents(subpath);

    /// <inheritdoc/>
    public IFileInfo GetFileInfo(string subpath)
    {
        var info = _folder.GetFileInfo(subpath);
        if (_good is null && !info.Exists)
            return info;
        try
        {
            var content = File.ReadAllBytes(file);
            new ConfigurationBuilder().AddJsonStream(new MemoryStream(content)).Build();
            _good = content;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or FormatException or JsonException)
        {
            if (_good is null)
                throw new FormatException(ProblemOf(file, wrong));
            told?.Invoke($"The changed {ProblemOf(file, wrong)} The settings of before stay in force.");
        }

        return new Content(info.Name, _good);
    }

    /// <inheritdoc/>
    public IChangeToken Watch(string filter) => _folder.Watch(filter);

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static string ProblemOf(string path, Exception wrong)
    {
        while (wrong.InnerException is { } inner)
            wrong = inner;
        return $"{path} can't be read: {wrong.Message.ReplaceLineEndings(" ")}";
    }

    private sealed class Content(string name, byte[] bytes) : IFileInfo
    {
        public bool Exists => true;

        public bool IsDirectory => false;

        public DateTimeOffset LastModified => default;

        public long Length => bytes.Length;

        public string Name => name;

        // None: else it would be read from there.
        public string? PhysicalPath => null;

        public Stream CreateReadStream() => new MemoryStream(bytes);
    }
}

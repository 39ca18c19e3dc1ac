using System.Buffers.Binary;
using Atm0s.Sip.Control;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>Files that are played again and again.</summary>
public sealed class ClipCacheTests
{
    private DirectoryInfo _folder = null!;

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("atm0s-clips-");

    [TearDown]
    public void TearDown() => _folder.Delete(recursive: true);

    [Test]
    public async Task File_IsReadOnce_UntilItChanges()
    {
        var cache = new ClipCache();
        var path = Write("a.wav", 800);
        var first = await cache.GetAsync(path, CancellationToken.None);
        Assert.That(await cache.GetAsync(path, CancellationToken.None), Is.SameAs(first));

        Write("a.wav", 1600);
        var second = await cache.GetAsync(path, CancellationToken.None);
        Assert.That(second.Duration, Is.EqualTo(TimeSpan.FromMilliseconds(200)));
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(1));
        Assert.That(await cache.GetAsync(path, CancellationToken.None), Is.Not.SameAs(second), "of the same length");
    }

    [Test]
    public async Task WhatWasNotWantedForTheLongestTime_GoesFirst()
    {
        var cache = new ClipCache(maxSamples: 2000);
        var (a, b, c, d) = (Write("a.wav", 800), Write("b.wav", 800), Write("c.wav", 800), Write("d.wav", 8000));
        var first = await cache.GetAsync(a, CancellationToken.None);
        var second = await cache.GetAsync(b, CancellationToken.None);
        await cache.GetAsync(a, CancellationToken.None);
        await cache.GetAsync(c, CancellationToken.None);
        Assert.That(await cache.GetAsync(a, CancellationToken.None), Is.SameAs(first));
        Assert.That(await cache.GetAsync(b, CancellationToken.None), Is.Not.SameAs(second));

        var large = await cache.GetAsync(d, CancellationToken.None);
        Assert.That(await cache.GetAsync(d, CancellationToken.None), Is.Not.SameAs(large), "more than there is room for");
    }

    [Test]
    public async Task FileThatManyWantAtOnce_IsReadOnce()
    {
        var (reads, read) = (0, new TaskCompletionSource());
        var cache = new ClipCache(load: async path =>
        {
            Interlocked.Increment(ref reads);
            await read.Task;
            return await AudioClip.LoadAsync(path);
        });
        var path = Write("a.wav", 800);
        using var givesUp = new CancellationTokenSource();
        var first = cache.GetAsync(path, givesUp.Token);
        var others = Enumerable.Range(0, 20).Select(_ => cache.GetAsync(path, CancellationToken.None)).ToList();
        await givesUp.CancelAsync();
        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        read.SetResult();
        var clips = await Task.WhenAll(others);
        Assert.That(clips, Has.All.SameAs(clips[0]));
        Assert.That(reads, Is.EqualTo(1));
    }

    [Test]
    public async Task OtherRatesOfAClip_Count()
    {
        var cache = new ClipCache(maxSamples: 3000);
        var (a, b) = (Write("a.wav", 800), Write("b.wav", 800));
        var first = await cache.GetAsync(a, CancellationToken.None);
        _ = first.At(48_000);
        await cache.GetAsync(b, CancellationToken.None);
        Assert.That(await cache.GetAsync(a, CancellationToken.None), Is.Not.SameAs(first), "800 samples have become 5,600");
    }

    [Test]
    public void FileThatIsNone_IsToldEachTime()
    {
        var cache = new ClipCache();
        var path = Path.Combine(_folder.FullName, "no.wav");
        File.WriteAllText(path, "no audio");
        for (var i = 0; i < 2; i++)
            Assert.That(async () => await cache.GetAsync(path, CancellationToken.None), Throws.InstanceOf<InvalidDataException>());
    }

    private string Write(string name, int samples)
    {
        var path = Path.Combine(_folder.FullName, name);
        var file = new byte[44 + (samples * 2)];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), 8000);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), 16_000);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), 16);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), samples * 2);
        File.WriteAllBytes(path, file);
        return path;
    }
}

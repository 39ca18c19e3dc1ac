namespace Atm0s.Sip.Recordings;

/// <summary>A file that is being written. What the disk refuses is thrown as an <see cref="IOException"/>.</summary>
internal interface IRecordingFile : IDisposable
{
    /// <summary>Whether no more fits into a file of its kind.</summary>
    bool IsFull { get; }

    /// <summary>Appends 20 ms, channels interleaved.</summary>
    void Write(ReadOnlySpan<short> frame);

    /// <summary>Makes the file whole as it is. Called every second.</summary>
    void Checkpoint();

    /// <summary>Writes its end.</summary>
    void Finish();
}

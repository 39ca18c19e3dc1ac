using System.Globalization;
using Atm0s.Sip.Core.Requests;

namespace Atm0s.Sip.Testing;

/// <summary>Tags, branches and Call-IDs that count up, so that a trace reads well and a run repeats.</summary>
public sealed class SequentialIds : ISipIdGenerator
{
    private int _next;

    /// <inheritdoc/>
    public string NewTag() => $"tag{Next()}";

    /// <inheritdoc/>
    public string NewBranch() => $"z9hG4bK-{Next()}";

    /// <inheritdoc/>
    public string NewCallId() => $"id{Next()}";

    /// <inheritdoc/>
    public uint NewCSeq() => 100;

    /// <inheritdoc/>
    public int Next(int exclusiveMaximum) => Interlocked.Increment(ref _next) % exclusiveMaximum;

    private string Next() => Interlocked.Increment(ref _next).ToString("D4", CultureInfo.InvariantCulture);
}

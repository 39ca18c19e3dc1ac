namespace Atm0s.Sip.Diagnostics.Metrics;

/// <summary>Status codes as tags: one object for each, so that a flood leaves nothing to collect. Any thread.</summary>
internal sealed class StatusTags
{
    private readonly object?[] _statuses = new object?[700];

    /// <summary>The tag of a status, 0 to 699.</summary>
    public object this[int status] => _statuses[status] ??= status;
}

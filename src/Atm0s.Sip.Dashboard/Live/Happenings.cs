using Atm0s.Sip.Dashboard.Messages;

namespace Atm0s.Sip.Dashboard.Live;

/// <summary>The last things that went wrong, and those of them that pages have not been told of.</summary>
internal sealed class Happenings
{
    private const int Length = 100;
    private const int MaxNews = 20; // a flood is not told one by one

    private readonly Queue<Happening> _all = new(Length);
    private List<Happening>? _news;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Happening> All => [.. _all];

    public void Add(Happening happening)
    {
        if (_all.Count == Length)
            _all.Dequeue();
        _all.Enqueue(happening);
        _news ??= [];
        if (_news.Count < MaxNews)
            _news.Add(happening);
    }

    /// <summary>What came since the last time; null for nothing.</summary>
    public IReadOnlyList<Happening>? TakeNews()
    {
        var news = _news;
        _news = null;
        return news;
    }
}

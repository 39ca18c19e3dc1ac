using Atm0s.Sip.Core.Messages.Fields;

namespace Atm0s.Sip.Calls.Dialing;

/// <summary>
/// Which contacts of a 3xx are rung (RFC 3261 §8.1.3.4): a few redirections, a few targets, and none twice, so that two phones that
/// forward to each other ring once each. A pure rule, for one call.
/// </summary>
/// <param name="maxRedirects">How often it may be redirected.</param>
internal sealed class RedirectPlan(int maxRedirects)
{
    /// <summary>Most targets that redirections add to a call.</summary>
    public const int MaxTargets = 10;

    private readonly List<string> _named = [];
    private readonly List<string> _rung = [];
    private int _redirects;
    private int _added;

    /// <summary>
    /// Whether a status code asks for the contacts of its response to be called. 305 and 380 want more than that (§21.3.4, §21.3.5).
    /// </summary>
    public static bool IsRedirect(int status) => status is >= 300 and < 400 and not (305 or 380);

    /// <summary>A target is rung that no redirection has named.</summary>
    public void OnRung(string uri) => _rung.Add(uri);

    /// <summary>Takes the contacts of a 3xx.</summary>
    /// <param name="contacts">Best first.</param>
    /// <returns>Those to look up; empty when the redirection is not followed.</returns>
    public IReadOnlyList<RedirectTarget> Follow(IReadOnlyList<RedirectTarget> contacts)
    {
        if (_redirects >= maxRedirects)
            return [];
        _redirects++;
        var followed = contacts.Where(c => !IsIn(_named, c.Uri) && !IsIn(_rung, c.Uri)).Take(MaxTargets - _added).ToList();
        _named.AddRange(followed.Select(c => c.Uri));
        return followed;
    }

    /// <summary>Takes a target that a look-up has found; false when it is rung already, or there are enough of them.</summary>
    public bool TryAdd(string uri)
    {
        if (_added == MaxTargets || IsIn(_rung, uri))
            return false;
        _added++;
        _rung.Add(uri);
        return true;
    }

    private static bool IsIn(List<string> uris, string uri) => uris.Exists(known => RedirectTargets.AreEqual(known, uri));
}

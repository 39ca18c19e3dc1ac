namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>Keys in descriptions (RFC 4568), as pure functions.</summary>
internal static class SdesRules
{
    /// <summary>
    /// Takes a line of an offer: the first that can be done, for the author has put the best first (§5.1.2). Who repeats the key that he
    /// has goes on with it, and so do we; to a new one ours is new too, for the end of the media may be another, which knows nothing of
    /// roll-overs (§7.1.4).
    /// </summary>
    /// <param name="offered">The valid lines.</param>
    /// <param name="wish">What can be done.</param>
    /// <param name="before">What holds until now, or null.</param>
    public static AgreedKeys.Sdes? Choose(IReadOnlyList<CryptoAttribute> offered, SecurityWish wish, AgreedKeys.Sdes? before)
    {
        foreach (var line in offered)
        {
            if (SuiteOf(line, wish) is not { } suite)
                continue;
            if (before is not null && before.Theirs.HasKeyOf(line))
                return new AgreedKeys.Sdes(before.Ours.WithTag(line.Tag), line);
            return new AgreedKeys.Sdes(New(line.Tag, suite, wish), line);
        }

        return null;
    }

    /// <summary>
    /// Takes the answer to lines of ours: one, with the tag and the suite of one of them (§5.1.3), and a key that is not ours (§7.1.2).
    /// </summary>
    /// <returns>Null when it is none.</returns>
    public static AgreedKeys.Sdes? Match(IReadOnlyList<CryptoAttribute> ours, DescribedSecurity answer, SecurityWish wish)
    {
        if (answer is not { HasMany: false, Lines: [var theirs] } || SuiteOf(theirs, wish) is null)
            return null;
        foreach (var line in ours)
        {
            if (line.Tag == theirs.Tag && line.Suite == theirs.Suite)
                return line.HasKeyOf(theirs) ? null : new AgreedKeys.Sdes(line, theirs);
        }

        return null;
    }

    /// <summary>The lines of an offer: one for each suite, best first; while a key is in use, that one alone (§7.1.4).</summary>
    public static IReadOnlyList<CryptoAttribute> Offer(SecurityWish wish, AgreedKeys.Sdes? before) =>
        before is not null ? [before.Ours] : [.. wish.Suites.Select((suite, i) => New(i + 1, suite, wish))];

    private static CryptoAttribute New(int tag, CryptoSuite suite, SecurityWish wish) =>
        new(tag, suite.Name, wish.NewKey(suite.KeyAndSaltLength));

    // §6.1: the length of key and salt is that of the suite.
    private static CryptoSuite? SuiteOf(CryptoAttribute line, SecurityWish wish)
    {
        foreach (var suite in wish.Suites)
        {
            if (suite.Name == line.Suite && suite.KeyAndSaltLength == line.KeyAndSalt.Length)
                return suite;
        }

        return null;
    }
}

using Atm0s.Sip.Packages.Tests.Feed;

namespace Atm0s.Sip.Packages.Tests;

/// <summary>After the last test the feed goes.</summary>
[SetUpFixture]
public sealed class FeedEnd
{
    /// <summary>Deletes it.</summary>
    [OneTimeTearDown]
    public Task DeleteAsync() => LocalFeed.DeleteAsync();
}

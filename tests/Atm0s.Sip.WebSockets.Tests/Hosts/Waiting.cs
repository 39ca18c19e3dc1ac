using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.WebSockets.Tests.Hosts;

/// <summary>Waits for what real sockets bring about.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var end = DateTime.UtcNow + Patience;
        while (!condition())
        {
            if (DateTime.UtcNow > end)
                Assert.Fail($"It never came to this: {what}");
            await Task.Delay(10);
        }
    }

    /// <summary>The same, while the server's clock goes on.</summary>
    public static Task UntilAsync(this FakeTimeProvider time, Func<bool> condition, string what) => UntilAsync(
        () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            return condition();
        },
        what);
}

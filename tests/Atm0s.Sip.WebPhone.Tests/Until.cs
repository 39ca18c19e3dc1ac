namespace Atm0s.Sip.WebPhone.Tests;

/// <summary>Waits for what browsers and phones bring about.</summary>
internal static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        for (var end = DateTime.UtcNow + Patience; !await condition(); await Task.Delay(50))
        {
            if (DateTime.UtcNow > end)
                Assert.Fail($"It never came to this: {what}");
        }
    }
}

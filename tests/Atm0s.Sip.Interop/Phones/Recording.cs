namespace Atm0s.Sip.Interop.Phones;

/// <summary>The one place where a test lets time pass.</summary>
internal static class Recording
{
    /// <summary>Lets phones talk and record. Sound takes its time: there is no condition to wait for.</summary>
    public static Task LastsAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds));
}

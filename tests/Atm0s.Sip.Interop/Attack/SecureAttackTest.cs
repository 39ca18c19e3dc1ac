using Atm0s.Sip.Interop.Processes;

namespace Atm0s.Sip.Interop.Attack;

/// <summary>Attacks on a call whose audio is encrypted, beside the good ones.</summary>
public abstract class SecureAttackTest : AttackTest
{
    private readonly TempFolder _folder = new();

    /// <summary>Removes the settings.</summary>
    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    /// <summary>Starts a server and the good calls, and a secure call with a plain one in its room, who hear each other.</summary>
    internal async Task<(GoodCall Victim, GoodCall Listener)> PairAsync()
    {
        await StartWithAsync("""{ "Sip": { "Media": { "AllowKeysOverPlainSignalling": true } } }""");
        var listener = NewCall("listener", 500);
        await listener.JoinAsync("open-victim", Clock);
        var victim = NewCall("victim", 1000, isSecure: true);
        await victim.JoinAsync("open-victim", Clock);
        await HearEachOtherAsync(victim, listener);
        return (victim, listener);
    }

    /// <summary>Starts a server with settings, and the good calls.</summary>
    internal async Task StartWithAsync(string settings)
    {
        await File.WriteAllTextAsync(_folder["sip.json"], settings);
        await StartAsync("--config", _folder["sip.json"]);
    }

    internal static Task HearEachOtherAsync(GoodCall one, GoodCall other) => Task.WhenAll(one.HearsAsync(other), other.HearsAsync(one));

    /// <summary>What the server has heard of a call.</summary>
    internal async Task<(long Received, long Lost)> ReceivedAsync(string name)
    {
        var call = await Control.CallAsync(name);
        var whole = await Control.WaitAsync($"/sip/calls/{call.GetProperty("id").GetString()}", _ => true);
        var audio = whole.GetProperty("audio");
        return (audio.GetProperty("packets_received").GetInt64(), audio.GetProperty("packets_lost").GetInt64());
    }
}

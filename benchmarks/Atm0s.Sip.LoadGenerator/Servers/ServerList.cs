namespace Atm0s.Sip.LoadGenerator.Servers;

/// <summary>The servers that the command line names.</summary>
internal static class ServerList
{
    /// <summary>The plan that all start by.</summary>
    public static ServerPlan Plan(Settings settings) => new(
        Settings.Processors.Server,
        settings.Tier,
        settings.Has("max-calls") ? settings.Whole("max-calls", 0) : null,
        settings.Text("server-args", "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
        settings.Has("types"),
        settings.Whole("ports", 2_400));

    /// <summary>Starts them, or takes the one that runs.</summary>
    public static IEnumerable<ServerUnderTest> Start(Settings settings)
    {
        if (settings.Has("target"))
        {
            yield return ServerFactory.Existing(
                settings.Whole("target", 5060), settings.Whole("pid", 0), settings.Text("password", "pw-%u"),
                settings.Text("number", "conf"));
            yield break;
        }

        foreach (var name in settings.Servers)
            yield return ServerFactory.Start(name, Plan(settings));
    }
}

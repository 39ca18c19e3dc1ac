using System.Text.Json;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>What the control API says of a server that does not run, or whose rooms are the host's own.</summary>
public sealed class ServerStateTests
{
    private const string Stream = """{"url":"ws://127.0.0.1:9/"}""";

    private static readonly string[][] Commands =
    [
        ["/sip/rooms/room1/play", """{"file":"short.wav"}"""], ["/sip/rooms/room1/record", """{"file":"room.wav"}"""],
        ["/sip/rooms/room1/stream", Stream], ["/sip/rooms/room1/max_speakers", """{"max_speakers":1}"""],
        ["/sip/trunks", """{"name":"carrier","server":"sip:127.0.0.1:5080","register":false}"""],
        ["/sip/invite/server", """{"room_id":"room1","dest_addr":"127.0.0.1:5080","from_number":"1","to_number":"2"}"""],
    ];

    [Test]
    public async Task ServerThatHasStopped_Is503()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "short.wav"), Wav());
            await using var control = await ControlHost.StartAsync(options =>
            {
                options.ApiKeys.Add(ControlHost.Key);
                (options.SoundFolder, options.RecordingFolder) = (folder.FullName, folder.FullName);
            });
            await control.Server.StopAsync();
            foreach (var command in Commands)
            {
                var (status, body) = await control.PostAsync(command[0], command[1]);
                Assert.That(status, Is.EqualTo(503), command[0]);
                Assert.That(body, Does.Contain("not running").Or.EqualTo("NOT_RUNNING"), command[0]);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task RoomOfTheHost_IsStreamedByNobody()
    {
        await using var control = await ControlHost.StartAsync(rooms: new NoRooms());
        var (status, body) = await control.PostAsync("/sip/rooms/room1/stream", Stream);
        Assert.That(status, Is.EqualTo(409));
        Assert.That(JsonDocument.Parse(body).RootElement.GetProperty("detail").GetString(), Does.Contain("IRoomProvider"));
    }

    [Test]
    public async Task RoomThatIsNotThere_IsNotMade()
    {
        await using var control = await ControlHost.StartAsync();
        Assert.That((await control.PostAsync("/sip/rooms/room1/stream", Stream)).Status, Is.EqualTo(404));
        Assert.That((control.Server.Rooms.Count, control.Server.Bots.Count, control.Server.Streams.Count), Is.EqualTo((0, 0, 0)));
    }

    [TestCase("""{"url":"ws://127.0.0.1:9/","tracks":"both"}""")]
    [TestCase("""{"url":"ws://127.0.0.1:9/","participant_id":""}""")]
    [TestCase("""{"url":"ws://127.0.0.1:9/","max_reconnects":101}""")]
    [TestCase("""{"url":"ws://127.0.0.1:9/","timeout_s":0}""")]
    [TestCase("""{"url":"ws://127.0.0.1:9/","signing_key":""}""")]
    public async Task StreamThatCanNotBe_Is400(string body)
    {
        await using var control = await ControlHost.StartAsync();
        await using var bot = await control.Server.AddParticipantAsync("room1");
        Assert.That((await control.PostAsync("/sip/rooms/room1/stream", body)).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task StreamOfARoom_HasAllThatItHasInProcess()
    {
        await using var control = await ControlHost.StartAsync();
        await using var bot = await control.Server.AddParticipantAsync("room1");
        var (status, _) = await control.PostAsync(
            "/sip/rooms/room1/stream", """{"url":"ws://127.0.0.1:9/","participant_id":"agent","max_reconnects":0,"timeout_s":1.5}""");
        Assert.That(status, Is.EqualTo(200));
        await ControlHost.UntilAsync(() => control.Server.Streams.Count == 0, "given up at the first failure");
    }

    private static byte[] Wav()
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("RIFF"u8);
        writer.Write(36 + 1600);
        writer.Write("WAVEfmt "u8);
        writer.Write([16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0]);
        writer.Write("data"u8);
        writer.Write(1600);
        writer.Write(new byte[1600]);
        return file.ToArray();
    }

    private sealed class NoRooms : IRoomProvider
    {
        public ValueTask<IRoomSeat?> JoinAsync(IRoomParticipant participant, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IRoomSeat?>(null);
    }
}

#pragma warning disable
using System.Net; using Atm0s.Sip.Media.Codecs; using Atm0s.Sip.Media.Mixing; using Atm0s.Sip.Media.Net; using Atm0s.Sip.Media.Clock; using Atm0s.Sip.Media.Dtmf;
namespace Atm0s.Sip.Media.Dtmf { public readonly record struct DtmfEvent(byte Event, char Digit, TimeSpan Duration); }
namespace Atm0s.Sip.Media.Net { public interface IMediaNetwork {} public class UdpMediaNetwork : IMediaNetwork {} }
namespace Atm0s.Sip.Media.Clock { public abstract class MediaClock {} public class RealMediaClock : MediaClock {} }
namespace Atm0s.Sip.Media.Mixing {
 public class MixRoom { public int SampleRate=>8000; public string Id=>""; public void Add(IPcmEndpoint e){} public void Remove(IPcmEndpoint e){} }
 public interface IPcmEndpoint { int SampleRate {get;} bool Read(Span<short> f); void Write(ReadOnlySpan<short> f); }
 public class RtpLeg { public IPEndPoint LocalEndPoint=>null!; public void Start(RtpLegParameters p, MixRoom r){} public void Update(RtpLegParameters p){} public void Close(){} public RtpLegStatistics GetStatistics()=>null!; }
 public record RtpLegParameters { public required IAudioCodec Codec {get;init;} public required byte SendPayloadType {get;init;} public required byte ReceivePayloadType {get;init;} public int TelephoneEventPayloadType {get;init;}=-1; public required IPEndPoint Remote {get;init;} public IPEndPoint? RemoteRtcp {get;init;} public bool Send {get;init;}=true; public bool Receive {get;init;}=true; public string CName {get;init;}=""; }
 public interface IRtpLegObserver { void OnLatched(IPEndPoint source); void OnMediaTimeout(); void OnDtmf(DtmfEvent e); }
 public record RtpLegStatistics { public long PacketsSent,PacketsReceived,PacketsLost; public double JitterMilliseconds; public TimeSpan? RoundTrip; public int LevelDbov; public IPEndPoint? Remote; }
}
namespace Atm0s.Sip.Media {
 public record MediaEngineOptions { public int FirstPort {get;init;} public int LastPort {get;init;} public int Threads {get;init;} public TimeSpan LegTimeout {get;init;} }
 public class MediaEngine : IDisposable { public MediaEngine(MediaEngineOptions o, IMediaNetwork n, MediaClock c, TimeProvider t, Random r, Microsoft.Extensions.Logging.ILogger l){} public MixRoom CreateRoom(string id)=>null!; public void CloseRoom(MixRoom r){} public RtpLeg? TryOpenLeg(IPAddress a, IRtpLegObserver o)=>null; public void Start(){} public void Dispose(){} }
}

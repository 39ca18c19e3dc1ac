using Atm0s.Sip.Configuration.Formats;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Configuration.Tables;

/// <summary>Settings of <see cref="MediaOptions"/>.</summary>
internal static class MediaSettings
{
    public static SettingTable<MediaOptions> Table { get; } = new SettingTable<MediaOptions>()
        .Value(nameof(MediaOptions.FirstPort), Values.Number(1024, 65_534), o => o.FirstPort, (o, v) => o.FirstPort = v)
        .Value(nameof(MediaOptions.LastPort), Values.Number(1025, 65_535), o => o.LastPort, (o, v) => o.LastPort = v)
        .Value(nameof(MediaOptions.AdvertisedAddress), Values.Address, o => o.AdvertisedAddress, (o, v) => o.AdvertisedAddress = v)
        .Many(nameof(MediaOptions.Codecs), Values.Text("the name of a codec, for example PCMA"), o => o.Codecs)
        .Value(nameof(MediaOptions.Encryption), Values.Choice<MediaEncryption>(), o => o.Encryption, (o, v) => o.Encryption = v)
        .Value(nameof(MediaOptions.KeyExchange), Values.Choice<MediaKeyExchange>(), o => o.KeyExchange, (o, v) => o.KeyExchange = v)
        .Value(
            nameof(MediaOptions.AllowKeysOverPlainSignalling),
            Values.Switch,
            o => o.AllowKeysOverPlainSignalling,
            (o, v) => o.AllowKeysOverPlainSignalling = v)
        .Many(nameof(MediaOptions.SrtpSuites), Values.Text("the name of a suite, for example AEAD_AES_128_GCM"), o => o.SrtpSuites)
        .Value(nameof(MediaOptions.Threads), Values.Number(1, 64), o => o.Threads, (o, v) => o.Threads = v)
        .Value(nameof(MediaOptions.IoUring), Values.Switch, o => o.IoUring, (o, v) => o.IoUring = v)
        .Value(
            nameof(MediaOptions.Timeout), Values.Seconds(1, 3600, zero: true, endless: true), o => o.Timeout, (o, v) => o.Timeout = v)
        .Value(nameof(MediaOptions.OpusBitrate), Values.Number(6000, 510_000), o => o.OpusBitrate, (o, v) => o.OpusBitrate = v)
        .Value(nameof(MediaOptions.OpusComplexity), Values.Number(0, 10), o => o.OpusComplexity, (o, v) => o.OpusComplexity = v)
        .Value(nameof(MediaOptions.MaxSpeakers), Values.Number(0, 16), o => o.MaxSpeakers, (o, v) => o.MaxSpeakers = v)
        .Value(nameof(MediaOptions.PassThrough), Values.Switch, o => o.PassThrough, (o, v) => o.PassThrough = v)
        .Value(nameof(MediaOptions.AudioLevels), Values.Switch, o => o.AudioLevels, (o, v) => o.AudioLevels = v)
        .Value(nameof(MediaOptions.AutomaticGain), Values.Switch, o => o.AutomaticGain, (o, v) => o.AutomaticGain = v)
        .Value(nameof(MediaOptions.ComfortNoise), Values.Switch, o => o.ComfortNoise, (o, v) => o.ComfortNoise = v)
        .Value(nameof(MediaOptions.DetectInbandDtmf), Values.Switch, o => o.DetectInbandDtmf, (o, v) => o.DetectInbandDtmf = v)
        .Value(nameof(MediaOptions.SendInbandDtmf), Values.Switch, o => o.SendInbandDtmf, (o, v) => o.SendInbandDtmf = v)
        .Value(nameof(MediaOptions.SendVoipMetrics), Values.Switch, o => o.SendVoipMetrics, (o, v) => o.SendVoipMetrics = v)
        .Value(nameof(MediaOptions.Dscp), Values.Number(0, 63), o => o.Dscp, (o, v) => o.Dscp = v)
        .Value(
            nameof(MediaOptions.JitterBufferMinimum),
            Values.Milliseconds(0, 400),
            o => o.JitterBufferMinimum,
            (o, v) => o.JitterBufferMinimum = v)
        .Value(
            nameof(MediaOptions.JitterBufferMaximum),
            Values.Milliseconds(40, 400),
            o => o.JitterBufferMaximum,
            (o, v) => o.JitterBufferMaximum = v);
}

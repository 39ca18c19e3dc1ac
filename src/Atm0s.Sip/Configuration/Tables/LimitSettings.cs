using Atm0s.Sip.Configuration.Formats;
using Atm0s.Sip.Core.Parsing;

namespace Atm0s.Sip.Configuration.Tables;

/// <summary>Settings of <see cref="SipLimits"/>.</summary>
internal static class LimitSettings
{
    public static SettingTable<SipLimits> Table { get; } = new SettingTable<SipLimits>()
        .Value(nameof(SipLimits.MaxMessageSize), Values.Size(1024, 65_535), o => o.MaxMessageSize, (o, v) => o with { MaxMessageSize = v })
        .Value(nameof(SipLimits.MaxHeaders), Values.Number(16, 4096), o => o.MaxHeaders, (o, v) => o with { MaxHeaders = v })
        .Value(nameof(SipLimits.MaxHeaderLength), Values.Size(256, 65_535), o => o.MaxHeaderLength, (o, v) => o with { MaxHeaderLength = v })
        .Value(nameof(SipLimits.MaxUriLength), Values.Size(64, 8192), o => o.MaxUriLength, (o, v) => o with { MaxUriLength = v });
}

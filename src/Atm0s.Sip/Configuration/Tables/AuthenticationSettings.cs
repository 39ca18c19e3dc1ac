using Atm0s.Sip.Configuration.Formats;
using Atm0s.Sip.Core.Authentication;

namespace Atm0s.Sip.Configuration.Tables;

/// <summary>Settings of <see cref="AuthenticationOptions"/>.</summary>
internal static class AuthenticationSettings
{
    public static SettingTable<AuthenticationOptions> Table { get; } = new SettingTable<AuthenticationOptions>()
        .Many(nameof(AuthenticationOptions.Algorithms), Values.Choice<DigestAlgorithm>(), o => o.Algorithms)
        .Value(nameof(AuthenticationOptions.NonceLifetime), Values.Seconds(5, 3600), o => o.NonceLifetime, (o, v) => o.NonceLifetime = v)
        .Value(nameof(AuthenticationOptions.RequireForCalls), Values.Switch, o => o.RequireForCalls, (o, v) => o.RequireForCalls = v)
        .Value(nameof(AuthenticationOptions.BindNonceToSource), Values.Switch, o => o.BindNonceToSource, (o, v) => o.BindNonceToSource = v)
        .Value(nameof(AuthenticationOptions.RequireQop), Values.Switch, o => o.RequireQop, (o, v) => o.RequireQop = v)
        .Value(
            nameof(AuthenticationOptions.MaxWrongPasswordsPerSource),
            Values.Number(0, 10_000),
            o => o.MaxWrongPasswordsPerSource,
            (o, v) => o.MaxWrongPasswordsPerSource = v)
        .Live()
        .Value(
            nameof(AuthenticationOptions.WrongPasswordRecovery),
            Values.Seconds(0.1, 3600),
            o => o.WrongPasswordRecovery,
            (o, v) => o.WrongPasswordRecovery = v)
        .Live()
        .Value(
            nameof(AuthenticationOptions.MaxWrongPasswordsPerUser),
            Values.Number(0, 10_000),
            o => o.MaxWrongPasswordsPerUser,
            (o, v) => o.MaxWrongPasswordsPerUser = v)
        .Live()
        .Value(
            nameof(AuthenticationOptions.WrongPasswordWindow),
            Values.Seconds(1, 86_400),
            o => o.WrongPasswordWindow,
            (o, v) => o.WrongPasswordWindow = v)
        .Live()
        .Value(nameof(AuthenticationOptions.FromMustMatchUser), Values.Switch, o => o.FromMustMatchUser, (o, v) => o.FromMustMatchUser = v)
        .Live()
        .Many(nameof(AuthenticationOptions.OpenNumberPrefixes), Values.Text("the beginning of a number"), o => o.OpenNumberPrefixes)
        .Live();
}

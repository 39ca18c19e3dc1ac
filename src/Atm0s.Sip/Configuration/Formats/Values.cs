using System.Net;

namespace Atm0s.Sip.Configuration.Formats;

/// <summary>Short names for the formats, for the tables of settings.</summary>
internal static class Values
{
    public static ValueFormat<bool> Switch { get; } = new SwitchFormat();

    public static ValueFormat<IPAddress?> Address { get; } = new AddressFormat();

    public static ValueFormat<IPEndPoint> EndPoint { get; } = new EndPointFormat();

    public static ValueFormat<string> Network { get; } = new NetworkFormat();

    public static ValueFormat<double> Share { get; } = new ShareFormat();

    public static ValueFormat<string> ListenUri { get; } = new ListenUriFormat();

    /// <summary>A text, or none.</summary>
    public static ValueFormat<string?> OptionalText { get; } = new TextFormat(optional: true);

    public static ValueFormat<string> Text(string what = "a text") => new TextFormat(optional: false, what)!;

    public static ValueFormat<int> Number(int min, int max) => new NumberFormat(min, max);

    public static ValueFormat<int?> OptionalNumber(int min, int max) => new OptionalFormat<int>(new NumberFormat(min, max));

    public static ValueFormat<int> Size(int min, int max) => new SizeFormat<int>(min, max);

    public static ValueFormat<long> LongSize(long min, long max) => new SizeFormat<long>(min, max);

    public static ValueFormat<TEnum> Choice<TEnum>()
        where TEnum : struct, Enum => new ChoiceFormat<TEnum>();

    /// <summary>One of those names that have a meaning here.</summary>
    public static ValueFormat<TEnum> Choice<TEnum>(params TEnum[] allowed)
        where TEnum : struct, Enum => new ChoiceFormat<TEnum>(allowed);

    public static ValueFormat<TEnum?> OptionalChoice<TEnum>()
        where TEnum : struct, Enum => new OptionalFormat<TEnum>(new ChoiceFormat<TEnum>());

    /// <summary>A time counted in seconds.</summary>
    public static ValueFormat<TimeSpan> Seconds(double min, double max, bool zero = false, bool endless = false) =>
        new TimeFormat(min, max, inMilliseconds: false, zero, endless);

    /// <summary>A time counted in seconds, or none.</summary>
    public static ValueFormat<TimeSpan?> OptionalSeconds(double min, double max) => new OptionalFormat<TimeSpan>(new TimeFormat(min, max));

    /// <summary>A time counted in milliseconds.</summary>
    public static ValueFormat<TimeSpan> Milliseconds(double min, double max) =>
        new TimeFormat(min / 1000, max / 1000, inMilliseconds: true);
}

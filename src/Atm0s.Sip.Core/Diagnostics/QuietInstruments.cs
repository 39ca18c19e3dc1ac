using System.Diagnostics.Metrics;

namespace Atm0s.Sip.Core.Diagnostics;

/// <summary>
/// Tells the listeners of a meter: what one of them throws costs that figure alone, and no call, binding or place of those who count.
/// Allocates nothing.
/// </summary>
internal static class QuietInstruments
{
    public static void Count(this Counter<long> counter, long number = 1)
    {
        try
        {
            counter.Add(number);
        }
#pragma warning disable CA1031 // A listener is the host's code.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    public static void Count(this Counter<long> counter, KeyValuePair<string, object?> tag)
    {
        try
        {
            counter.Add(1, tag);
        }
#pragma warning disable CA1031 // A listener is the host's code.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    public static void Count(this Counter<long> counter, KeyValuePair<string, object?> tag, KeyValuePair<string, object?> other)
    {
        try
        {
            counter.Add(1, tag, other);
        }
#pragma warning disable CA1031 // A listener is the host's code.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    public static void Measure(this Histogram<double> histogram, double value, KeyValuePair<string, object?> tag)
    {
        try
        {
            histogram.Record(value, tag);
        }
#pragma warning disable CA1031 // A listener is the host's code.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    public static void Measure(
        this Histogram<double> histogram, double value, KeyValuePair<string, object?> tag, KeyValuePair<string, object?> other)
    {
        try
        {
            histogram.Record(value, tag, other);
        }
#pragma warning disable CA1031 // A listener is the host's code.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}

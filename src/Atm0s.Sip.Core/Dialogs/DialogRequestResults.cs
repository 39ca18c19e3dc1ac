namespace Atm0s.Sip.Core.Dialogs;

/// <summary>The status codes of <see cref="DialogRequestResult"/>.</summary>
public static class DialogRequestResults
{
    /// <summary>The status to answer with; 0 for <see cref="DialogRequestResult.Ok"/>. An ACK is never answered.</summary>
    /// <param name="result">The result.</param>
    public static int ToStatusCode(this DialogRequestResult result) => result switch
    {
        DialogRequestResult.OutOfOrder => 500,
        DialogRequestResult.NoDialog => 481,
        _ => 0,
    };
}

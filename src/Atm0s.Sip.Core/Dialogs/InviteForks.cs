using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Requests;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>
/// The dialogs of one INVITE of ours, one for each To tag (RFC 3261 §12.1.2, §13.2.2). Follows a few, so a peer that invents To tags
/// fills nothing. An INVITE that is sent again (credentials, 422) begins with none.
/// </summary>
/// <param name="invite">The INVITE; its CSeq is read when a dialog is made.</param>
/// <param name="overTls">Whether it goes over TLS.</param>
/// <param name="capacity">Most forks followed. Default 16, as many as <see cref="ClientAcks"/> answers.</param>
internal sealed class InviteForks(RequestBuilder invite, bool overTls = false, int capacity = 16)
{
    private readonly List<InviteFork> _forks = [];

    /// <summary>The forks, in the order in which they appeared; those that are over included.</summary>
    public IReadOnlyList<InviteFork> Forks => _forks;

    /// <summary>Takes a response to the INVITE.</summary>
    /// <param name="response">The response; not kept.</param>
    /// <param name="fork">Whose response it is; null when it is of no dialog.</param>
    public ForkNews OnResponse(SipMessage response, out InviteFork? fork)
    {
        fork = null;
        // RFC 3261 §12.3: a final response that is no 2xx ends every early dialog of the request.
        if (response.StatusCode >= 300)
        {
            EndEarly();
            return ForkNews.Failed;
        }

        fork = Find(response);
        if (response.StatusCode < 200)
        {
            fork ??= Add(response);
            return fork is null ? ForkNews.None : OnProvisional(response, fork);
        }

        if (fork is { IsAnswered: true })
            return ForkNews.Repeated;
        // RFC 3261 §13.2.2.4: the early dialog of this To tag is confirmed, or the dialog made; also behind a 199, for a 2xx is always
        // answered.
        if (fork is { Dialog.State: DialogState.Terminated })
        {
            _forks.Remove(fork);
            fork = null;
        }

        fork ??= Add(response);
        if (fork is null)
            return ForkNews.None;
        fork.Dialog.Confirm(response);
        fork.IsAnswered = true;
        return ForkNews.Confirmed;
    }

    /// <summary>
    /// Ends every dialog that is still early: no 2xx of it came within 64*T1 of the first one (RFC 3261 §13.2.2.4), or the INVITE failed.
    /// </summary>
    public void EndEarly()
    {
        foreach (var fork in _forks)
        {
            if (fork.Dialog.State == DialogState.Early)
                fork.Dialog.Terminate();
        }
    }

    /// <summary>The INVITE is sent again with another CSeq: its dialogs are made anew.</summary>
    public void Clear()
    {
        EndEarly();
        _forks.Clear();
    }

    private static ForkNews OnProvisional(SipMessage response, InviteFork fork)
    {
        if (response.StatusCode != 199)
            return ForkNews.Progress;
        // RFC 6228 §5: the early dialog is over; nothing but the INVITE's final response follows.
        if (fork.Dialog.State == DialogState.Early)
            fork.Dialog.Terminate();
        return ForkNews.Ended;
    }

    private InviteFork? Add(SipMessage response)
    {
        if (_forks.Count >= capacity || SipDialog.FromUac(invite, response, overTls) is not { } dialog)
            return null;
        var fork = new InviteFork(dialog);
        _forks.Add(fork);
        return fork;
    }

    private InviteFork? Find(SipMessage response)
    {
        // Compared as the dialog's identifier is: tags are tokens, without regard to case.
        var id = DialogId.ForResponse(response);
        return _forks.Find(fork => fork.Dialog.Id == id);
    }
}

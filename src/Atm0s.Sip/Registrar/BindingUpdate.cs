using System.Collections.Immutable;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using System.Text;

namespace Atm0s.Sip.Registrar;

/// <summary>Works out what one REGISTER does to the bindings of its user (RFC 3261 §10.3 steps 6 to 8). Pure.</summary>
internal sealed class BindingUpdate
{
    public ImmutableList<Binding> Next { get; private set; } = [];

    public List<Binding> Bound { get; } = [];

    public List<(Binding Binding, UnregisterReason Reason)> Removed { get; } = [];

    /// <summary>
    /// Null when a binding of the same Call-ID has a CSeq that is not lower: the request is out of order, and nothing changes.
    /// </summary>
    public static BindingUpdate? Compute(ImmutableList<Binding> current, RegisterWishes wishes, RegisterContext context)
    {
        var update = new BindingUpdate { Next = current };
        if (wishes.RemoveAll)
        {
            foreach (var binding in current)
            {
                if (context.IsOutOfOrder(binding))
                    return null;
                update.Remove(binding, UnregisterReason.Client);
            }

            return update;
        }

        foreach (var wish in wishes.Contacts)
        {
            var existing = update.Next.Find(b => SameContact(b.Info.Contact, wish.Uri));
            if (existing is not null && context.IsOutOfOrder(existing))
                return null;
            if (wish.Expires == TimeSpan.Zero)
            {
                if (existing is not null)
                    update.Remove(existing, UnregisterReason.Client);
                continue;
            }

            existing ??= update.FindInstance(wish, wishes);
            update.Bind(existing, context.NewBinding(wish, existing));
        }

        while (update.Next.Count > context.MaxContacts)
            update.Remove(update.Next.MinBy(b => b.ExpiresAt)!, UnregisterReason.Replaced);
        return update;
    }

    // RFC 5626 §6: the same flow of the same device has another contact now, after a change of network or a restart; the old one leads
    // nowhere. Not where the device registers several contacts at once, or with several reg-ids.
    private Binding? FindInstance(ContactWish wish, RegisterWishes wishes)
    {
        if (wish.InstanceId is null)
            return null;
        return Next.Find(b => b.Info.InstanceId == wish.InstanceId && b.Info.RegId == wish.RegId
            && !Bound.Contains(b) && !wishes.Contacts.Any(other => SameContact(b.Info.Contact, other.Uri)));
    }

    private static bool SameContact(string left, string right) =>
        string.Equals(left, right, StringComparison.Ordinal)
        || (SipUriView.TryParse(Encoding.UTF8.GetBytes(left), out var a) && SipUriView.TryParse(Encoding.UTF8.GetBytes(right), out var b)
            && SipUriView.AreEquivalent(a, b));

    private void Bind(Binding? existing, Binding binding)
    {
        Next = existing is null ? Next.Add(binding) : Next.Replace(existing, binding);
        Bound.Add(binding);
    }

    private void Remove(Binding binding, UnregisterReason reason)
    {
        Next = Next.Remove(binding);
        Bound.Remove(binding);
        Removed.Add((binding, reason));
    }
}

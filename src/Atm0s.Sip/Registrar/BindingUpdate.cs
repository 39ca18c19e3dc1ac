using System.Runtime.InteropServices;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Registrar;

/// <summary>
/// Works out what one REGISTER does to the bindings of its user (RFC 3261 §10.3 steps 6 to 8). Touches nothing else. Each shard has one and
/// uses it again and again.
/// </summary>
internal sealed class BindingUpdate
{
    private readonly List<Binding> _next = [];

    /// <summary>The bindings of the user from now on, oldest first.</summary>
    public ReadOnlySpan<Binding> Next => CollectionsMarshal.AsSpan(_next);

    /// <summary>Those that were made or refreshed.</summary>
    public List<Binding> Bound { get; } = [];

    /// <summary>Those that ended.</summary>
    public List<(Binding Binding, UnregisterReason Reason)> Removed { get; } = [];

    /// <summary>Those that are there no more: they ended, or others have taken their place.</summary>
    public List<Binding> Gone { get; } = [];

    /// <summary>
    /// Works it out. False when a binding of the same Call-ID has a CSeq that is not lower: the request is out of order, and nothing
    /// changes.
    /// </summary>
    public bool TryCompute(ReadOnlySpan<Binding> current, ref RegisterContext context)
    {
        Clear();
        foreach (var binding in current)
            _next.Add(binding);
        if (!TryChange(current, ref context))
            return false;
        for (var i = 0; i < current.Length; i++)
        {
            var isThere = i < _next.Count && ReferenceEquals(_next[i], current[i]);
            if (!isThere && !_next.Contains(current[i]))
                Gone.Add(current[i]);
        }

        return true;
    }

    /// <summary>Lets go of everything.</summary>
    public void Clear()
    {
        _next.Clear();
        Bound.Clear();
        Removed.Clear();
        Gone.Clear();
    }

    private bool TryChange(ReadOnlySpan<Binding> current, ref RegisterContext context)
    {
        if (context.Wishes.RemoveAll)
        {
            foreach (var binding in current)
            {
                if (context.IsOutOfOrder(binding))
                    return false;
                Remove(binding, UnregisterReason.Client);
            }

            return true;
        }

        var options = context.Registrar.Options;
        foreach (var value in context.Request.GetValues(SipHeaderId.Contact))
        {
            var wish = RegisterReader.ReadContact(value, context.Wishes, options.MaxExpires);
            var existing = Find(wish.Uri);
            if (existing is not null && context.IsOutOfOrder(existing))
                return false;
            if (wish.Expires == TimeSpan.Zero)
            {
                if (existing is not null)
                    Remove(existing, UnregisterReason.Client);
                continue;
            }

            existing ??= FindInstance(wish, context);
            Bind(existing, context.NewBinding(wish, existing));
        }

        while (_next.Count > options.MaxContactsPerUser)
            Remove(FirstToExpire(), UnregisterReason.Replaced);
        return true;
    }

    private static bool SameContact(string known, ReadOnlySpan<byte> uri) =>
        KnownText.AreEqual(known, uri)
        || (SipUriView.TryParse(Encoding.UTF8.GetBytes(known), out var a) && SipUriView.TryParse(uri, out var b)
            && SipUriView.AreEquivalent(a, b));

    // The same text first: that needs no bytes of what is known.
    private Binding? Find(ReadOnlySpan<byte> uri)
    {
        foreach (var binding in _next)
        {
            if (KnownText.AreEqual(binding.Info.Contact, uri))
                return binding;
        }

        foreach (var binding in _next)
        {
            if (SameContact(binding.Info.Contact, uri))
                return binding;
        }

        return null;
    }

    // RFC 5626 §6: the same flow of the same device has another contact now, after a change of network or a restart; the old one leads
    // nowhere. Not where the device registers several contacts at once, or with several reg-ids.
    private Binding? FindInstance(in ContactWish wish, in RegisterContext context)
    {
        if (wish.InstanceId.IsEmpty)
            return null;
        foreach (var binding in _next)
        {
            if (binding.Info.InstanceId is { } instance
                && KnownText.AreEqual(instance, wish.InstanceId)
                && binding.Info.RegId == wish.RegId
                && !Bound.Contains(binding)
                && !IsNamed(binding, context))
                return binding;
        }

        return null;
    }

    private static bool IsNamed(Binding binding, in RegisterContext context)
    {
        foreach (var value in context.Request.GetValues(SipHeaderId.Contact))
        {
            if (NameAddressView.TryParse(value, out var contact) && SameContact(binding.Info.Contact, contact.Uri))
                return true;
        }

        return false;
    }

    private Binding FirstToExpire()
    {
        var first = _next[0];
        foreach (var binding in _next)
        {
            if (binding.ExpiresAt < first.ExpiresAt)
                first = binding;
        }

        return first;
    }

    private void Bind(Binding? existing, Binding binding)
    {
        if (existing is null)
            _next.Add(binding);
        else
            _next[_next.IndexOf(existing)] = binding;

        Bound.Add(binding);
    }

    private void Remove(Binding binding, UnregisterReason reason)
    {
        _next.Remove(binding);
        Bound.Remove(binding);
        Removed.Add((binding, reason));
    }
}

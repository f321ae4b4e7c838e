using System.Runtime.CompilerServices;

namespace Quiet.WebApi;

internal sealed record Item(int Id, string Name, decimal Price);

internal sealed class Catalogue(TimeProvider time)
{
    private readonly Dictionary<int, Item> _items = new() { [1] = new(1, "tea", 3.5m), [2] = new(2, "coffee", 7m) };

    public IReadOnlyCollection<Item> All() => _items.Values;

    public Item? Find(int id) => _items.GetValueOrDefault(id);

    public void Reprice(decimal factor)
    {
        foreach (var (id, item) in _items.ToList())
            _items[id] = item with { Price = item.Price * factor };
    }

    public async IAsyncEnumerable<string> ChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = 0; ; number++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
            yield return $"change {number}";
        }
    }
}

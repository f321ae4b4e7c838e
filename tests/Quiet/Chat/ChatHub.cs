using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;

namespace Quiet.Chat;

/// <summary>SignalR closes its connections itself: a hub's stream needs no drain token.</summary>
internal sealed class ChatHub : Hub
{
    public Task SayAsync(string text) => Clients.All.SendAsync("said", text, Context.ConnectionAborted);

    public async IAsyncEnumerable<int> CountAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = 0; !cancellationToken.IsCancellationRequested; number++)
        {
            yield return number;
            await Task.Delay(1000, cancellationToken);
        }
    }
}
